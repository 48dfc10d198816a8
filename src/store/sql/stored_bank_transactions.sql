-- What is stored under these keys, and what it says, in the order of row/bank.rs. The reference is
-- that in the key only in rows that vama wrote.
select transaction_hash, account_iban, currency, transaction_date, amount,
       case when import_id is not null then op_reference end, booking_date, details
  from bank_transactions
 where transaction_hash = any($1)
