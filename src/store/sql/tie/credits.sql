-- The credits of known senders, and those that are tied, whoever sent them; with $1 all credits. In the
-- order of store/tie/books.rs, whatever types the platform gave its columns; what no file can state is
-- left out.
select transaction_hash::text, lower(source), upper(replace(account_iban, ' ', '')), upper(coalesce(currency, '')),
       transaction_date::date, round(amount::numeric, 2), batch_id::text, op_reference::text
  from bank_transactions
 where amount > 0 and amount < 1e16 and source <> 'Altul' and not is_capital_transfer
   and amount::numeric = round(amount::numeric, 2) and transaction_hash is not null
   and transaction_date between '1900-01-01' and '2200-12-31'
union
select transaction_hash::text, lower(source), upper(replace(account_iban, ' ', '')), upper(coalesce(currency, '')),
       transaction_date::date, round(amount::numeric, 2), batch_id::text, op_reference::text
  from bank_transactions
 where ($1::boolean or transaction_hash::text collate "C" in (select transaction_hash from settlement_payments))
   and amount > 0 and amount < 1e16 and amount::numeric = round(amount::numeric, 2)
   and transaction_hash is not null and transaction_date between '1900-01-01' and '2200-12-31'
