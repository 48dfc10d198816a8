-- The columns of row/invoice.rs, in its order.
copy invoice_states (id, state_hash, invoice_key, series_name, invoice_number, issue_date, due_date, currency, total, invoice_type, is_canceled, is_collected, client_name, client_cif, client_address, client_city, client_state, client_country, client_phone, client_email, as_of, progress, import_id, source_line)
from stdin with (format binary)
