-- The statement, quoted by the server, that copies out the rows with keys from $1 to $2, with the
-- columns of stored_bank_transactions.sql. The keys stand in its text: a COPY takes no parameters,
-- and the nodes of a cluster know no setting of this transaction. The collation is named since a
-- column with another collation would put the keys in another order; where the column is as the
-- migration made it, the index has this collation.
select format('copy (select transaction_hash::text, account_iban::text, currency::text,'
              ' transaction_date::date, amount::numeric,'
              ' case when import_id is not null then op_reference::text end,'
              ' booking_date::date, details::text, statement_id from bank_transactions'
              ' where transaction_hash collate "C" between %L and %L)'
              ' to stdout with (format binary)', $1, $2)
