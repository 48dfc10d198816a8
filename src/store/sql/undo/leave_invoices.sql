-- Leaves to the platform what it has named otherwise since the import told of it.
update invoices i
   set import_id = null, source_line = null
 where import_id = $1::uuid
   and not exists (select from invoice_states s
                    where s.invoice_key = upper(btrim(coalesce(i.series_name::text, '')) collate "C") || '|'
                                          || ltrim(i.invoice_number::text, '0'))
