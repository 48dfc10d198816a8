-- Rows of vama's own of invoices that the platform has stored since, each with the row that it is joined
-- into; the beginning of the statements that need it. $1 series and number as row/key.rs writes them, $2
-- the numbers alone.
with same_number as materialized (
    select id, import_id, oblio_id::text collate "C" as oblio_id,
           upper(btrim(coalesce(series_name::text, '')) collate "C") || '|'
           || ltrim(invoice_number::text, '0') as invoice_key
      from invoices
     where ltrim(invoice_number::text, '0') = any($2::text[]) and oblio_id is not null
), joined as materialized (
    select ours.id, ours.oblio_id as ours, min(theirs.oblio_id) as theirs
      from same_number ours
      join same_number theirs on theirs.invoice_key = ours.invoice_key and theirs.id <> ours.id
     where ours.invoice_key = any($1::text[]) and ours.import_id is not null
       and ours.oblio_id = replace(ours.invoice_key, '|', '')
     group by ours.id, ours.oblio_id
)
