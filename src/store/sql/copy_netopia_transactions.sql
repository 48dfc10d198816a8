-- The columns of row/cards.rs, in its order.
copy netopia_transactions (id, transaction_id, batch_id, netopia_id, kind, merchant, terminal_id,
                           transaction_date, amount, fee, vat, net_amount, currency, order_id,
                           payer_name, rrn, report_month, source, import_id, source_line)
from stdin with (format binary)
