-- Which parcels are there already. They are left as they are, whatever they say, so nothing of them
-- is compared.
select parcel_number::text as key, id, json_build_array() as firm, json_build_array() as wording
  from gls_parcels
 where parcel_number = any($1)
