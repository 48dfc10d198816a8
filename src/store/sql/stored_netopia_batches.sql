-- The rows stored under these keys, and what they say, in the order of row/cards.rs. Days and
-- amounts are written as in stored_gls_borderouri.sql.
select batch_id::text as key, id,
       json_build_array(case when paid_on between '0001-01-01' and '9999-12-31'
                  then to_char(paid_on, 'YYYY-MM-DD') else paid_on::text end,
             currency::text,
             round(net_amount::numeric, greatest(min_scale(net_amount::numeric), 2))::text) as firm,
       json_build_array() as wording
  from netopia_batches
 where batch_id = any($1)
