-- Takes stored payout documents out, with their lines.
delete from emag_documents where id = any($1::uuid[])
