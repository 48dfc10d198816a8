-- Notes that these files failed once more, for the same reason.
update sync_logs set finished_at = $2 where id = any($1)
