-- The columns of row/cards.rs, in its order.
copy netopia_batches (id, batch_id, report_id, report_month, paid_on, currency, transactions_count,
                      total_amount, total_fees, net_amount, file_name, email_date,
                      email_subject, import_id, source_line)
from stdin with (format binary)
