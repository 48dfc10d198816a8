-- Takes stored borderouri out, with their parcels.
delete from gls_borderouri where id = any($1::uuid[])
