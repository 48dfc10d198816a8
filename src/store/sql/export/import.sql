-- The import with that number: its format, its file.
select id, sync_type, coalesce(file_names[1], '') as file
  from sync_logs
 where number = $1
