-- The rows stored under these keys, and what they say, in the order of row/borderou.rs. Days and
-- amounts are written as in stored_gls_borderouri.sql.
select parcel_hash::text as key, id,
       json_build_array(awb_number::text,
             round(cod_amount::numeric, greatest(min_scale(cod_amount::numeric), 2))::text,
             currency::text,
             case when delivery_date between '0001-01-01' and '9999-12-31'
                  then to_char(delivery_date, 'YYYY-MM-DD') else delivery_date::text end,
             cod_reference::text, recipient_name::text) as firm,
       json_build_array() as wording
  from courier_borderou_parcels
 where parcel_hash = any($1)
