-- The statement that copies out what is stored under the keys from one to another, and what it says, as
-- stored_bank_transactions.sql has it, quoted by the server: a COPY takes no parameters, and the nodes of
-- a cluster know no setting of this transaction. Another collation than the column's own would put the
-- keys in another order; named here, it is the index's where the column is as the migration made it.
select format('copy (select transaction_hash::text, account_iban::text, currency::text,'
              ' transaction_date::date, amount::numeric,'
              ' case when import_id is not null then op_reference::text end,'
              ' booking_date::date, details::text from bank_transactions'
              ' where transaction_hash collate "C" between %L and %L)'
              ' to stdout with (format binary)', $1, $2)
