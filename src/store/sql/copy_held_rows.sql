-- The columns of row/held.rs, in its order.
copy held_rows (id, import_id, kind, table_name, row_key, reason, raw, source_line, record_rows,
                settlement_key, account_iban, currency, value_date, statement_id)
from stdin with (format binary)
