-- Takes stored borderouri out, with their parcels.
delete from courier_borderouri where id = any($1::uuid[])
