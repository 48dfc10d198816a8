-- What customers paid for invoices, in all months, whether the invoice itself is tied or the order that
-- names it; and whether it came in the month that begins on that day. In the order of store/month.rs.
select t.transaction_date >= $1::date and t.transaction_date < ($1::date + interval '1 month')::date,
       round(p.amount, 2), upper(coalesce(t.currency::text, 'RON')), i.id::text,
       coalesce(btrim(i.series_name::text), '') || btrim(i.invoice_number::text), i.issue_date::date,
       round(i.total::numeric, 2), upper(coalesce(i.currency, t.currency)::text), i.invoice_type::text,
       coalesce(i.is_canceled, false)
  from settlement_payments p
  join bank_transactions t on t.transaction_hash::text collate "C" = p.transaction_hash
 cross join lateral (
       select id from invoices where p.settlement_kind = 'invoice' and oblio_id::text collate "C" = p.settlement_key
       union all
       (select n.id
          from orders o
          join invoices n on ltrim(n.invoice_number::text, '0')
                             = nullif(ltrim(btrim(o.invoice_number::text), '0'), '') collate "default"
                         and upper(btrim(coalesce(n.series_name::text, '')))
                             = upper(btrim(coalesce(o.invoice_series::text, ''))) collate "default"
         where p.settlement_kind = 'order'
           and o.order_number::text collate "C" = substr(p.settlement_key, strpos(p.settlement_key, '|') + 1)
           and o.channel::text collate "C" = split_part(p.settlement_key, '|', 1)
         order by n.is_canceled, n.issue_date desc nulls last, n.id
         limit 1)) paid
  join invoices i on i.id = paid.id
 where p.settlement_kind in ('invoice', 'order') and p.amount > -1e16 and p.amount < 1e16
   and t.transaction_date is not null and i.total > -1e16 and i.total < 1e16 and i.invoice_number is not null
 order by t.transaction_date, 5, 4
