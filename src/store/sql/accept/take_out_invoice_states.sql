-- Takes out what imports said of an invoice ($1 series and number as row/key.rs writes them); what the
-- platform wrote stays.
delete from invoice_states where invoice_key = $1 and import_id is not null
