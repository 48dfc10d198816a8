-- The rows stored under these keys, and what they say, in the order of row/cards.rs. Amounts are
-- written as in stored_gls_borderouri.sql, but with five decimals.
select transaction_id::text as key, id,
       json_build_array(batch_id::text, kind::text,
             coalesce(to_char(transaction_date, 'YYYY-MM-DD HH24:MI:SS'), transaction_date::text),
             round(amount::numeric, greatest(min_scale(amount::numeric), 5))::text,
             round(fee::numeric, greatest(min_scale(fee::numeric), 5))::text,
             round(vat::numeric, greatest(min_scale(vat::numeric), 5))::text,
             currency::text, merchant::text, terminal_id::text) as firm,
       json_build_array() as wording
  from netopia_transactions
 where transaction_id = any($1)
