-- Takes stored batches out.
delete from netopia_batches where id = any($1::uuid[])
