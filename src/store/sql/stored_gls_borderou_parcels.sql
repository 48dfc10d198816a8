-- What is stored under these keys, and what it says, in the order of row/borderou.rs.
select parcel_hash as key, id,
       array[parcel_number, cod_amount::text, currency, to_char(delivery_date, 'YYYY-MM-DD'),
             cod_reference, recipient_name] as firm,
       '{}'::text[] as wording
  from gls_borderou_parcels
 where parcel_hash = any($1)
