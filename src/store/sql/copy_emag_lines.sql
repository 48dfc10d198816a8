-- The columns of row/payout.rs, in its order.
copy emag_lines (id, line_hash, document_id, order_id, kind, amount, payment_method, client_name,
                 ordered_at, import_id, source_line)
from stdin with (format binary)
