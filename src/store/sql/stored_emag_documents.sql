-- The rows stored under these keys, and what they say, in the order of row/payout.rs. Days and
-- amounts are written as in stored_gls_borderouri.sql.
select document_hash::text as key, id,
       json_build_array(case when made_on between '0001-01-01' and '9999-12-31'
                  then to_char(made_on, 'YYYY-MM-DD') else made_on::text end,
             month::text, currency::text,
             round(net::numeric, greatest(min_scale(net::numeric), 2))::text,
             round(gross::numeric, greatest(min_scale(gross::numeric), 2))::text,
             round(vouchers::numeric, greatest(min_scale(vouchers::numeric), 2))::text) as firm,
       json_build_array() as wording
  from emag_documents
 where document_hash = any($1)
