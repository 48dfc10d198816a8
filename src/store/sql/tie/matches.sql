-- Payments of customers and the bills of their amount whose number stands in the text, in the order of
-- store/tie/books.rs: invoices; and orders, by a series and number that is no stored invoice, a proforma's.
-- Every state of an order counts, since a proforma gives way to an invoice in later exports. The last column
-- is the stored invoice of the order: both are one debt. Where there are no bills, no payment is read.
with payments as not materialized (
    select t.transaction_hash::text as credit, t.transaction_date::date as day, coalesce(t.details, '')::text as text,
           t.amount, upper(t.currency) as currency
      from bank_transactions t
     where t.source = 'Altul' and not t.is_capital_transfer and t.amount > 0 and t.amount < 1e16
       and t.amount::numeric = round(t.amount::numeric, 2) and t.transaction_hash is not null
       and t.transaction_date between '1900-01-01' and '2200-12-31'
), stated as (
    select channel, order_number, upper(btrim(coalesce(invoice_series::text, ''))) as series,
           ltrim(btrim(invoice_number::text), '0') as number
      from orders where ltrim(btrim(invoice_number::text), '0') <> ''
    union
    select channel, order_number, upper(btrim(coalesce(invoice_series, ''))), ltrim(btrim(invoice_number), '0')
      from order_states where ltrim(btrim(invoice_number), '0') <> ''
)
select t.credit, t.day, t.text, 'invoice', i.oblio_id::text, i.series_name::text, i.invoice_number::text,
       round(t.amount::numeric, 2), null::text
  from invoices i
  join payments t on t.amount = i.total and t.currency = upper(coalesce(i.currency, t.currency))
 where position(ltrim(i.invoice_number::text, '0') in t.text) > 0 and not i.is_canceled
   and i.invoice_number is not null
union all
select t.credit, t.day, t.text, 'order', o.channel::text || '|' || o.order_number::text, s.series, s.number,
       round(t.amount::numeric, 2),
       (select min(i.oblio_id::text) from invoices i
         where ltrim(i.invoice_number::text, '0') = ltrim(btrim(o.invoice_number::text), '0')
           and upper(btrim(coalesce(i.series_name::text, ''))) = upper(btrim(coalesce(o.invoice_series::text, ''))))
  from stated s
  join orders o on o.channel = s.channel and o.order_number = s.order_number
  join payments t on t.amount = o.total and t.currency = upper(o.currency)
 where position(s.number in t.text) > 0
   and not exists (select from invoices i
                    where ltrim(i.invoice_number::text, '0') = s.number
                      and upper(btrim(coalesce(i.series_name::text, ''))) = s.series)
