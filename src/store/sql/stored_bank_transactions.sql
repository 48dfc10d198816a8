-- What is stored under these keys, and what it says, in the order of row/bank.rs. The reference is
-- that in the key only in rows that vama wrote.
select transaction_hash, account_iban, currency,
       case when isfinite(transaction_date) then transaction_date end, amount,
       case when import_id is not null then op_reference end,
       case when isfinite(booking_date) then booking_date end, details
  from bank_transactions
 where transaction_hash = any($1)
