-- Which parcels are there already. They are left as they are, as in stored_gls_parcels.sql.
select awb_number::text as key, id, json_build_array() as firm, json_build_array() as wording
  from sameday_parcels
 where awb_number = any($1)
