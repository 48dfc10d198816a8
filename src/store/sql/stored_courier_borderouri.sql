-- The rows stored under these keys, and what they say, in the order of row/borderou.rs. Days and
-- amounts are written as in stored_gls_borderouri.sql.
select borderou_hash::text as key, id,
       json_build_array(account_iban::text, currency::text,
             case when borderou_date between '0001-01-01' and '9999-12-31'
                  then to_char(borderou_date, 'YYYY-MM-DD') else borderou_date::text end,
             round(total_amount::numeric,
                   greatest(min_scale(total_amount::numeric), 2))::text) as firm,
       json_build_array() as wording
  from courier_borderouri
 where borderou_hash = any($1)
