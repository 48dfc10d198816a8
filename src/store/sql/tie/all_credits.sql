-- All credits, as credits.sql has some of them: somebody may name any.
select transaction_hash::text, lower(source), upper(replace(account_iban, ' ', '')), upper(coalesce(currency, '')),
       transaction_date::date, round(amount::numeric, 2), batch_id::text, op_reference::text
  from bank_transactions
 where amount > 0 and amount < 1e16 and amount::numeric = round(amount::numeric, 2)
   and transaction_hash is not null and transaction_date between '1900-01-01' and '2200-12-31'
