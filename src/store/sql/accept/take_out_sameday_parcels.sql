-- Takes the parcels by themselves out that these borderouri brought.
delete from sameday_parcels p
 using courier_borderou_parcels l, courier_borderouri b
 where l.borderou_id = b.id and b.id = any($1::uuid[])
   and p.awb_number = l.awb_number and p.import_id = b.import_id
