-- Marks the import as undone: its file can be imported again.
update sync_logs
   set status = 'undone', details = details || jsonb_build_object('undone_at', now())
 where id = $1::uuid
