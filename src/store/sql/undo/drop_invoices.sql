-- Takes out the invoices that the import alone told of. One that the platform has is told of by what is kept
-- of the platform; one that the platform has named otherwise since is the platform's.
delete from invoices i
 where import_id = $1::uuid
   and oblio_id::text = upper(btrim(coalesce(series_name::text, '')) collate "C")
                        || ltrim(invoice_number::text, '0')
   and not exists (select from invoice_states s
                    where s.invoice_key = upper(btrim(coalesce(i.series_name::text, '')) collate "C") || '|'
                                          || ltrim(i.invoice_number::text, '0'))
