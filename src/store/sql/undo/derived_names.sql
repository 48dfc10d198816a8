-- The orders and invoices that the import tells of, by their names.
select distinct 'orders' as name, channel || '|' || order_number from order_states where import_id = $1::uuid
union all
select distinct 'invoices', invoice_key from invoice_states where import_id = $1::uuid
