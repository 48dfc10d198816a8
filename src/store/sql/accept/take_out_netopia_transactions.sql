-- Takes the operations of stored batches out.
delete from netopia_transactions
 where batch_id in (select batch_id from netopia_batches where id = any($1::uuid[]))
