-- The columns of row/statement.rs, in its order.
copy bank_statements (id, statement_hash, account_iban, currency, statement_number, opening_date,
                      opening_balance, closing_date, closing_balance, entries, format, file_name,
                      import_id, source_line)
from stdin with (format binary)
