-- What is stored under these keys, and what it says, in the order of row/bank.rs.
select transaction_hash as key, id,
       array[account_iban, currency, to_char(transaction_date, 'YYYY-MM-DD'), amount::text] as firm,
       array[to_char(booking_date, 'YYYY-MM-DD'), details] as wording
  from bank_transactions
 where transaction_hash = any($1)
