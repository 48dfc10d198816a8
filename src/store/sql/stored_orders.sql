-- What is stored of orders ($1 channel and number, $2 the numbers alone): what no export may contradict,
-- a digest of all that the row says, and the import that said it last.
select channel || '|' || order_number as name, channel || '|' || order_number as key,
       total::text as total, currency::text as currency, client_name::text as client,
       md5(row(ordered_at, status, payment_method, client_name, client_cif, total, currency, awb_number,
               invoice_series, invoice_number, invoice_date)::text) as says,
       import_id, false as is_other
  from orders
 where order_number = any($2::text[]) and channel || '|' || order_number = any($1::text[])
