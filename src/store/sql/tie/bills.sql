-- What customers owe, in the order of store/tie/books.rs: the invoices and orders that one of these names may
-- mean, and those that are tied.
with bills as (
    select 'invoice' as kind, oblio_id::text collate "C" as key, series_name::text as series,
           invoice_number::text as number, null::text as order_number, upper(coalesce(currency, '')) as currency,
           total::numeric as total, coalesce(is_canceled, false) as is_canceled
      from invoices
     where oblio_id is not null
    union all
    select 'order', (channel::text || '|' || order_number::text) collate "C", invoice_series::text,
           invoice_number::text, order_number::text, upper(coalesce(currency, '')), total::numeric, false
      from orders
)
select kind, key, series, number, order_number, currency,
       case when total between -1e16 and 1e16 then round(total, 2) end, is_canceled
  from bills b
 where b.key in (select settlement_key from settlement_payments)
    or exists (select from unnest($1::text[]) as it (name)
                where upper(it.name) = upper(b.key)
                   or b.order_number <> '' and position(b.order_number in it.name) > 0
                   or ltrim(b.number, '0') <> ''
                      and position(upper(ltrim(b.number, '0')) in upper(it.name)) > 0)
