-- What is stored under these keys, and what it says, in the order of row/cards.rs.
select transaction_id as key, id,
       array[batch_id, kind, to_char(transaction_date, 'YYYY-MM-DD HH24:MI:SS'), amount::text,
             fee::text, vat::text, currency, merchant, terminal_id] as firm,
       '{}'::text[] as wording
  from netopia_transactions
 where transaction_id = any($1)
