-- Whether an invoice ($1 series and number as row/key.rs writes them) has that total: of the import
-- that tells of it now.
select exists (select from invoices i
                 join invoice_states s on s.invoice_key = $1 and s.import_id = i.import_id
                where ltrim(i.invoice_number::text, '0') = regexp_replace($1, '^.*\|', '')
                  and upper(btrim(coalesce(i.series_name::text, '')) collate "C") || '|'
                      || ltrim(i.invoice_number::text, '0') = $1
                  and i.total = $2::numeric)
