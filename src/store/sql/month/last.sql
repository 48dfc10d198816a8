-- The newest day that an entry has.
select max(transaction_date) from bank_transactions
 where transaction_date between '1900-01-01' and '2200-12-31'
