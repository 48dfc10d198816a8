-- What is stored of invoices, as stored_orders.sql; $1 series and number as row/key.rs writes them, $2 the
-- numbers alone, $3 the keys that vama gives invoices. Where several rows have a series and number, the
-- platform's own counts. A row that has such a key and is another invoice is told as `is_other`.
with same_number as (
    select upper(btrim(coalesce(series_name::text, '')) collate "C") || '|'
           || ltrim(invoice_number::text, '0') as name,
           oblio_id::text collate "C" as key, total::text as total, currency::text as currency,
           client_name::text as client,
           md5(row(series_name, invoice_number, issue_date, due_date, currency, total, invoice_type,
                   is_canceled, is_collected, client_name, client_cif, client_address, client_city,
                   client_state, client_country, client_phone, client_email)::text) as says,
           import_id
      from invoices
     where ltrim(invoice_number::text, '0') = any($2::text[]) and oblio_id is not null
), preferred as (
    select distinct on (name) name, key, total, currency, client, says, import_id
      from same_number
     where name = any($1::text[])
     order by name, key = replace(name, '|', ''), key
)
select name, key, total, currency, client, says, import_id, false as is_other from preferred
union all
select wanted.name, i.oblio_id::text, null, null, null, null, i.import_id, true
  from unnest($1::text[], $3::text[]) as wanted (name, key)
  join invoices i on i.oblio_id::text = wanted.key
 where (upper(btrim(coalesce(i.series_name::text, '')) collate "C") || '|'
        || ltrim(i.invoice_number::text, '0')) is distinct from wanted.name
