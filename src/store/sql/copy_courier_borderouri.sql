-- The columns of row/borderou.rs, in its order.
copy courier_borderouri (id, borderou_hash, borderou_date, client_name, account_iban, currency,
                         total_amount, parcels_count, source, file_name, email_date,
                         email_subject, import_id, source_line, courier, period_from, period_to)
from stdin with (format binary)
