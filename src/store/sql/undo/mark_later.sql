-- Notes that rows which these imports found there are gone.
update sync_logs set details = details || '{"undone_rows": true}' where id = any($1::uuid[])
