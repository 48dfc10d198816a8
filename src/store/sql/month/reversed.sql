-- The invoices that take others back, and those that were taken back, each with its client; in the order of
-- store/month.rs. Which take back which is decided in month/storno.rs.
select id::text, coalesce(btrim(series_name::text), '') || btrim(invoice_number::text),
       issue_date::date, round(total::numeric, 2), upper(coalesce(currency::text, 'RON')),
       invoice_type::text, coalesce(is_canceled, false),
       nullif(lower(concat_ws('|', nullif(btrim(client_cif::text), '-'), btrim(client_name::text))), '')
  from invoices
 where invoice_type::text in ('Storno', 'Stornata') and invoice_number is not null
   and issue_date between '1900-01-01' and '2200-12-31' and total > -1e16 and total < 1e16
 order by issue_date, 2, 1
