-- The credits of known senders, and those that are tied, whoever sent them; with $1 all credits. In the
-- order of store/tie/books.rs; what no file can state is left out.
select transaction_hash, lower(source), upper(replace(account_iban, ' ', '')), upper(currency),
       transaction_date, amount, batch_id, op_reference
  from bank_transactions
 where amount > 0 and amount < 1e16 and source <> 'Altul' and not is_capital_transfer
   and transaction_date between '1900-01-01' and '2200-12-31'
union
select transaction_hash, lower(source), upper(replace(account_iban, ' ', '')), upper(currency),
       transaction_date, amount, batch_id, op_reference
  from bank_transactions
 where ($1::boolean or transaction_hash in (select transaction_hash from settlement_payments))
   and amount > 0 and amount < 1e16 and transaction_date between '1900-01-01' and '2200-12-31'
