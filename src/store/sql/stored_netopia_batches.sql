-- What is stored under these keys, and what it says, in the order of row/cards.rs.
select batch_id as key, id,
       array[to_char(paid_on, 'YYYY-MM-DD'), currency, net_amount::text] as firm,
       '{}'::text[] as wording
  from netopia_batches
 where batch_id = any($1)
