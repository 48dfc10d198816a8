-- The columns of row/bank.rs, in its order.
copy bank_transactions (id, transaction_hash, transaction_date, booking_date, amount, currency,
                        account_iban, transaction_type, type_code, op_reference, customer_reference,
                        statement_number, source, batch_id, counterparty_name, counterparty_iban,
                        counterparty_cif, details, file_name, is_income, is_capital_transfer,
                        import_id, source_line, statement_id)
from stdin with (format binary)
