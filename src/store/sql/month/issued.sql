-- The invoices of the month that begins on that day and their orders, a row an order: how the order stands,
-- and whether a courier's list says that its parcel was delivered. In the order of store/month.rs.
select i.id::text, coalesce(btrim(i.series_name::text), '') || btrim(i.invoice_number::text),
       i.issue_date::date, round(i.total::numeric, 2), upper(coalesce(i.currency::text, 'RON')),
       i.invoice_type::text, coalesce(i.is_canceled, false), o.number, o.status,
       exists (select from gls_parcels p where p.parcel_number::text collate "C" = o.parcel and p.is_delivered)
       or exists (select from sameday_parcels p
                   where p.awb_number::text collate "C" in (o.parcel, o.parcel || '001')
                     and p.is_delivered)
  from invoices i
       -- Looked up one by one: the server would read all orders for a few.
 cross join lateral (
       select order_number::text as number, status::text as status,
              awb_number::text collate "C" as parcel
         from orders
        where ltrim(invoice_number::text, '0') = nullif(ltrim(i.invoice_number::text, '0'), '')
          and upper(btrim(coalesce(invoice_series::text, '')))
              = upper(btrim(coalesce(i.series_name::text, ''))) collate "default"
       offset 0) o
 where i.issue_date >= $1::date and i.issue_date < ($1::date + interval '1 month')::date
   and i.total > 0 and i.total < 1e16
 order by i.issue_date, 2, 1, o.number
