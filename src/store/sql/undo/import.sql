-- The import with that number.
select id, status, file_names[1], finished_at, details ->> 'undone_at'
  from sync_logs
 where number = $1
