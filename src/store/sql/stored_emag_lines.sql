-- The rows stored under these keys, and what they say, in the order of row/payout.rs. Amounts are
-- written as in stored_gls_borderouri.sql.
select line_hash::text as key, id,
       json_build_array(order_id::text, kind::text,
             round(amount::numeric, greatest(min_scale(amount::numeric), 2))::text,
             payment_method::text, client_name::text) as firm,
       json_build_array() as wording
  from emag_lines
 where line_hash = any($1)
