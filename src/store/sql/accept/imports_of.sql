-- The imports that brought these settlements, whose rows are about to go.
select distinct s.id::text
  from (select import_id from gls_borderouri where id = any($1::uuid[])
        union all
        select import_id from netopia_batches where id = any($1::uuid[])
        union all
        select import_id from courier_borderouri where id = any($1::uuid[])
        union all
        select import_id from emag_documents where id = any($1::uuid[])) as going
  join sync_logs s on s.id = going.import_id
