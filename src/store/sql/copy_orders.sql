-- The columns of row/order.rs, in its order.
copy orders (id, channel, order_number, ordered_at, status, payment_method, client_name, client_cif, total, currency, awb_number, invoice_series, invoice_number, invoice_date, as_of, import_id, source_line)
from stdin with (format binary)
