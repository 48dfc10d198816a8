-- What is stored under the keys from one to another, and what it says, as
-- stored_bank_transactions.sql has it.
copy (select transaction_hash, account_iban, currency, transaction_date, amount,
             case when import_id is not null then op_reference end, booking_date, details
        from bank_transactions
       where transaction_hash between pg_catalog.current_setting('vama.first_key')
                                  and pg_catalog.current_setting('vama.last_key'))
to stdout with (format binary)
