-- Makes orders ($1 channel and number, $2 the numbers alone) what their states say: how an order stands is
-- what the newest says; who ordered, when and for how much is what the newest says that tells of it.
with said as materialized (
    select s.*, row_number() over (partition by channel, order_number
                                   order by as_of desc nulls last, progress desc, state_hash, id) as place
      from order_states s
     where order_number = any($2::text[]) and channel || '|' || order_number = any($1::text[])
), named as (
    select channel, order_number,
           (array_agg(ordered_at order by place) filter (where ordered_at is not null))[1] as ordered_at,
           (array_agg(client_name order by place) filter (where client_name is not null))[1] as client_name,
           (array_agg(client_cif order by place) filter (where client_cif is not null))[1] as client_cif
      from said
     group by channel, order_number
)
insert into orders (id, channel, order_number, ordered_at, status, payment_method, client_name, client_cif,
                    total, currency, awb_number, invoice_series, invoice_number, invoice_date, as_of,
                    import_id, source_line)
select said.id, said.channel, said.order_number, named.ordered_at, said.status, said.payment_method,
       named.client_name, named.client_cif, said.total, said.currency, said.awb_number,
       said.invoice_series, said.invoice_number, said.invoice_date, said.as_of, said.import_id,
       said.source_line
  from said join named on named.channel = said.channel and named.order_number = said.order_number
 where said.place = 1
on conflict (channel, order_number) do update
   set ordered_at = excluded.ordered_at, status = excluded.status,
       payment_method = excluded.payment_method, client_name = excluded.client_name,
       client_cif = excluded.client_cif, total = excluded.total, currency = excluded.currency,
       awb_number = excluded.awb_number, invoice_series = excluded.invoice_series,
       invoice_number = excluded.invoice_number, invoice_date = excluded.invoice_date,
       as_of = excluded.as_of, synced_at = excluded.synced_at, import_id = excluded.import_id,
       source_line = excluded.source_line
 where (orders.ordered_at, orders.status, orders.payment_method, orders.client_name, orders.client_cif,
        orders.total, orders.currency, orders.awb_number, orders.invoice_series, orders.invoice_number,
        orders.invoice_date, orders.as_of, orders.import_id, orders.source_line)
       is distinct from
       (excluded.ordered_at, excluded.status, excluded.payment_method, excluded.client_name,
        excluded.client_cif, excluded.total, excluded.currency, excluded.awb_number,
        excluded.invoice_series, excluded.invoice_number, excluded.invoice_date, excluded.as_of,
        excluded.import_id, excluded.source_line)
