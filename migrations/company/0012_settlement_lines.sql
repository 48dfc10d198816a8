-- What each settlement pays for: line -> order -> invoice.
--
-- `line_orders` finds the order and the invoice behind each line, `settlement_lines` compares what is paid
-- with what the invoice says. They are two, so that who looks for the lines of a few orders need not find
-- the orders of all lines.

-- A row a line, whatever is stored: at most one order and one invoice are taken. GLS is told the order's
-- number, Sameday has the parcel's. Of several orders the one that has an invoice, then that of the
-- settlement's own channel, then the newest. The invoice that an order names is named whether it is here
-- or not. An order without invoice may state its proforma in the same place; nothing there tells the one
-- from the other.
--
-- How a line names its order: `named`, its text; `digits`, the only number in that text where there are
-- other signs too (`Comanda 123`); `parcel`, the parcel as orders write it, without blanks and leading
-- zeros; `piece`, the same without the three digits that count a parcel's pieces.
create or replace view line_orders with (security_invoker = true) as
select l.kind, l.key, l.dated, l.document, l.currency, l.amount, l.name,
       l.named, l.digits, l.piece, l.parcel,
       o.id as order_id, o.channel, o.order_number,
       coalesce(i.series_name, o.invoice_series) as invoice_series,
       coalesce(i.invoice_number, o.invoice_number) as invoice_number,
       case when o.number is not null
            then coalesce(btrim(coalesce(i.series_name, o.invoice_series)), '')
                 || btrim(coalesce(i.invoice_number, o.invoice_number)) end as invoice,
       i.id as invoice_id, i.total as invoice_total, upper(i.currency) as invoice_currency,
       i.invoice_type, i.is_canceled, i.issue_date as invoice_issued,
       l.import_id, l.source_line, l.line_id
  from (select s.*, case when translate(s.named, '0123456789', '') <> ''
                         then substring(s.named from '^\D*(\d+)\D*$') end as digits
          from (select 'gls' collate "C" as kind, b.borderou_hash::text collate "C" as key,
                       b.borderou_date::date as dated, b.file_name::text as document,
                       upper(coalesce(p.currency::text, b.currency::text)) as currency,
                       round(p.cod_amount::numeric, 2) as amount, p.parcel_number::text as name,
                       nullif(btrim(p.cod_reference::text), '') collate "C" as named,
                       null::text collate "C" as piece,
                       nullif(ltrim(replace(p.parcel_number::text, ' ', ''), '0'), '') collate "C" as parcel,
                       'gomag' as channel, p.import_id, p.source_line::integer as source_line,
                       p.id::text as line_id
                  from gls_borderouri b
                  join gls_borderou_parcels p on p.borderou_id = b.id
                union all
                select b.courier::text collate "C", b.borderou_hash::text collate "C",
                       b.borderou_date::date, coalesce(b.number::text, b.file_name::text),
                       upper(coalesce(p.currency::text, b.currency::text)),
                       round(p.cod_amount::numeric, 2), p.awb_number::text,
                       nullif(btrim(p.cod_reference::text), '') collate "C",
                       case when lower(b.courier::text) = 'sameday'
                            then nullif(left(ltrim(replace(p.awb_number::text, ' ', ''), '0'), -3), '')
                            end collate "C",
                       nullif(ltrim(replace(p.awb_number::text, ' ', ''), '0'), '') collate "C",
                       'gomag', p.import_id, p.source_line::integer, p.id::text
                  from courier_borderouri b
                  join courier_borderou_parcels p on p.borderou_id = b.id
                union all
                -- A fee pays for no order.
                select 'netopia', b.batch_id::text collate "C", b.paid_on::date, b.file_name::text,
                       upper(coalesce(t.currency::text, b.currency::text)), round(t.amount::numeric, 2),
                       coalesce(t.netopia_id::text, t.transaction_id::text),
                       nullif(btrim(t.order_id::text), '') collate "C", null, null,
                       'gomag', t.import_id, t.source_line::integer, t.id::text
                  from netopia_batches b
                  join netopia_transactions t
                    on t.batch_id::text = b.batch_id::text collate "default"
                 where t.kind in ('payment', 'refund')
                union all
                -- The lists of what is paid; the other documents of a payout say what is taken off.
                select 'emag', (d.seller_id::text || '|' || to_char(d.made_on, 'YYYY-MM-DD')) collate "C",
                       d.made_on::date, d.file_name::text, upper(d.currency::text),
                       round(l.amount::numeric, 2), l.order_id::text,
                       nullif(btrim(l.order_id::text), '') collate "C", null, null,
                       'easysales', l.import_id, l.source_line::integer, l.id::text
                  from emag_documents d
                  join emag_lines l on l.document_id = d.id
                 where d.kind = 'dp') s) l
  left join lateral (
        select f.*, nullif(ltrim(btrim(f.invoice_number), '0'), '') as number
          from (select case when l.kind = 'gls' then 1 else 5 end as rank, o.id, o.channel::text as channel,
                       o.order_number::text as order_number, o.invoice_series::text as invoice_series,
                       o.invoice_number::text as invoice_number, o.as_of, o.ordered_at
                  from orders o where o.order_number::text collate "C" = l.named
                union all
                select case when l.kind = 'gls' then 2 else 6 end, o.id, o.channel::text,
                       o.order_number::text, o.invoice_series::text, o.invoice_number::text, o.as_of,
                       o.ordered_at
                  from orders o where o.order_number::text collate "C" = l.digits
                union all
                select case when o.awb_number::text collate "C" = l.piece then 3 else 4 end, o.id,
                       o.channel::text, o.order_number::text, o.invoice_series::text,
                       o.invoice_number::text, o.as_of, o.ordered_at
                  from orders o where o.awb_number::text collate "C" in (l.piece, l.parcel)) f
         order by f.rank, nullif(ltrim(btrim(f.invoice_number), '0'), '') is null,
                  lower(f.channel) is distinct from l.channel, f.as_of desc nulls last,
                  f.ordered_at desc nulls last, f.id
         limit 1) o on true
  left join lateral (
        select i.id, i.series_name::text as series_name, i.invoice_number::text as invoice_number,
               i.currency::text as currency, i.total::numeric as total,
               i.invoice_type::text as invoice_type, i.is_canceled, i.issue_date::date as issue_date
          from invoices i
         where ltrim(i.invoice_number::text, '0') = o.number collate "default"
           and upper(btrim(coalesce(i.series_name::text, '')))
               = upper(btrim(coalesce(o.invoice_series, ''))) collate "default"
         order by i.is_canceled, i.issue_date desc nulls last, i.id
         limit 1) i on true;

-- An order may be paid by several lines, as by two parcels: together they pay its invoice, and the first of
-- them tells the difference. What is given back is compared with the invoice's total below zero, which
-- a storno has itself. An order's own total is no invoice's: where the invoice is not here, nothing is
-- compared; nor is where it is in another currency.
create or replace view settlement_lines with (security_invoker = true) as
select l.kind, l.key, coalesce(l.order_number, l.named) as "order", l.invoice, l.amount,
       case when l.invoice_total is null or l.invoice_currency <> l.currency then null
            when l.place > 1 then 0
            else l.together - sign(l.amount) * abs(l.invoice_total) end as difference,
       l.name, l.channel, l.order_number, l.invoice_series, l.invoice_number, l.invoice_total,
       case when l.invoice is not null then null
            when l.order_id is not null then 'order_without_invoice'
            when l.named is not null then 'order_not_here'
            else 'no_order' end as reason,
       l.import_id, l.source_line, l.dated, l.document, l.currency, l.order_id, l.invoice_id,
       l.invoice_currency, l.invoice_type, l.is_canceled, l.invoice_issued, l.line_id
  from (select o.*, sum(o.amount) over same_order as together,
               row_number() over (same_order order by o.document, o.source_line, o.name, o.line_id) as place
          from line_orders o
        window same_order as (partition by o.kind, o.key, o.dated, o.currency, o.order_id, sign(o.amount))) l;

-- The orders of an invoice.
create index if not exists orders_invoice_idx on orders (ltrim(invoice_number::text, '0'));
