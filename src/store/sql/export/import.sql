-- The import with that number: its format, its file, its accounts.
select id, sync_type, coalesce(file_names[1], '') as file,
       case when jsonb_typeof(details -> 'accounts') = 'array' then details -> 'accounts' else '[]' end
           as accounts
  from sync_logs
 where number = $1
