-- The statement that copies out what is stored under the keys from one to another, and what it says, as
-- stored_bank_transactions.sql has it, quoted by the server: a COPY takes no parameters, and the nodes of
-- a cluster know no setting of this transaction.
select format('copy (select transaction_hash, account_iban, currency, transaction_date, amount,'
              ' case when import_id is not null then op_reference end, booking_date, details'
              ' from bank_transactions where transaction_hash between %L and %L)'
              ' to stdout with (format binary)', $1, $2)
