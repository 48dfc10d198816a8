-- The credits of known senders, and those that are tied, whoever sent them; in the order of
-- store/tie/books.rs, whatever types the platform gave its columns; what no file can state is left out. Each
-- half has an index: among a million other entries these are few. The days are no reason to take that of
-- the days (coalesce), which has all entries; before a table is analyzed the server would.
select transaction_hash::text, lower(source), upper(replace(account_iban, ' ', '')), upper(coalesce(currency, '')),
       transaction_date::date, round(amount::numeric, 2), batch_id::text, op_reference::text
  from bank_transactions
 where amount > 0 and amount < 1e16 and source <> 'Altul' and not is_capital_transfer
   and amount::numeric = round(amount::numeric, 2) and transaction_hash is not null
   and coalesce(transaction_date, '-infinity') between '1900-01-01' and '2200-12-31'
union
select t.transaction_hash::text, lower(t.source), upper(replace(t.account_iban, ' ', '')),
       upper(coalesce(t.currency, '')), t.transaction_date::date, round(t.amount::numeric, 2), t.batch_id::text,
       t.op_reference::text
  from settlement_payments p
  join bank_transactions t on t.transaction_hash = p.transaction_hash collate "C"
 where t.amount > 0 and t.amount < 1e16 and t.amount::numeric = round(t.amount::numeric, 2)
   and coalesce(t.transaction_date, '-infinity') between '1900-01-01' and '2200-12-31'
