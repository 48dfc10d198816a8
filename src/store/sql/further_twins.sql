-- The second and further twins of these days: the rows whose key is not that of a first twin. Asked for
-- only where rows are gone, since a twin may then stand behind a number that is free.
select transaction_hash::text, transaction_date::date, op_reference::text, amount::numeric
  from bank_transactions
 where transaction_date between $1::date and $2::date and import_id is not null
   and amount::numeric <> 'NaN'
   and transaction_hash <> md5(transaction_date::date || '|' || op_reference || '|'
                               || amount::numeric(18, 2))
