-- The lines of the settlements of the month that begins on that day, in the order of their documents; and of
-- other months the lines that pay an invoice which the month issued or got money for. In the order of
-- store/month.rs.
with own as materialized (
    select * from settlement_lines
     where kind is not null and key is not null and amount > -1e16 and amount < 1e16
       and dated >= $1::date and dated < ($1::date + interval '1 month')::date
), wanted as materialized (
    select id
      from (select invoice_id as id from own
            union all
            select id from invoices
             where issue_date >= $1::date and issue_date < ($1::date + interval '1 month')::date
            union all
            select i.id
              from bank_transactions t
              join settlement_payments p on p.transaction_hash = t.transaction_hash::text collate "C"
              join invoices i on i.oblio_id = p.settlement_key
             where p.settlement_kind = 'invoice' and t.transaction_date >= $1::date
               and t.transaction_date < ($1::date + interval '1 month')::date
            union all
            select i.id
              from bank_transactions t
              join settlement_payments p on p.transaction_hash = t.transaction_hash::text collate "C"
              join orders o on o.channel::text || '|' || o.order_number::text = p.settlement_key collate "C"
              join invoices i on ltrim(i.invoice_number::text, '0')
                                 = nullif(ltrim(btrim(o.invoice_number::text), '0'), '') collate "default"
                             and upper(btrim(coalesce(i.series_name::text, '')))
                                 = upper(btrim(coalesce(o.invoice_series::text, ''))) collate "default"
             where p.settlement_kind = 'order' and t.transaction_date >= $1::date
               and t.transaction_date < ($1::date + interval '1 month')::date) i
     group by id
), their_orders as materialized (
    select o.*
      from wanted
      join invoices i using (id)
           -- Looked up one by one: the server would read all orders for a few.
     cross join lateral (
           select order_number::text collate "C" as number, awb_number::text collate "C" as parcel,
                  ordered_at
             from orders
            where ltrim(invoice_number::text, '0') = nullif(ltrim(i.invoice_number::text, '0'), '')
              and upper(btrim(coalesce(invoice_series::text, '')))
                  = upper(btrim(coalesce(i.series_name::text, ''))) collate "default"
           offset 0) o
), numbers as materialized (
    select number from their_orders where number is not null group by number
), parcels as materialized (
    select parcel from their_orders where parcel is not null group by parcel
), elsewhere as (
    select *
      from line_orders
     where invoice_id in (select id from wanted)
       and (named in (select number from numbers) or parcel in (select parcel from parcels)
            or piece in (select parcel from parcels) or digits in (select number from numbers))
       and (dated < $1::date or dated >= ($1::date + interval '1 month')::date)
       -- Nobody pays for an order before it is placed. A day less: moments have a zone.
       and dated >= (select case when bool_and(ordered_at is not null)
                                 then min(ordered_at)::date - 1 else '-infinity' end
                       from their_orders)
       and kind is not null and key is not null and amount > -1e16 and amount < 1e16
)
select true, kind, key, coalesce(name, ''), "order", amount,
       case when difference > -1e16 and difference < 1e16 then round(difference, 2) end, reason, invoice,
       currency, invoice_id::text, invoice, invoice_issued,
       case when invoice_total > -1e16 and invoice_total < 1e16 then round(invoice_total, 2) end,
       coalesce(invoice_currency, currency), invoice_type, coalesce(is_canceled, false),
       dated, document, source_line
  from own
union all
select false, kind, key, coalesce(name, ''), order_number, amount, null, null, invoice, currency, invoice_id::text,
       invoice, invoice_issued,
       case when invoice_total > -1e16 and invoice_total < 1e16 then round(invoice_total, 2) end,
       coalesce(invoice_currency, currency), invoice_type, coalesce(is_canceled, false),
       dated, document, source_line
  from elsewhere
 order by 18, 2, 3, 19, 20, 4
