-- The columns of row/payout.rs, in its order.
copy emag_documents (id, document_hash, kind, document_id, seller_id, made_on, period_from, period_to,
                     month, currency, net, vat_rate, gross, vouchers, lines, file_name, email_date,
                     email_subject, import_id, source_line)
from stdin with (format binary)
