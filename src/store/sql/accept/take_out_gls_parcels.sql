-- Takes the parcels by themselves out that these borderouri brought.
delete from gls_parcels p
 using gls_borderou_parcels l, gls_borderouri b
 where l.borderou_id = b.id and b.id = any($1::uuid[])
   and p.parcel_number = l.parcel_number and p.import_id = b.import_id
