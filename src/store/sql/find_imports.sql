-- The completed imports of these very bytes.
select file_sha256, id, number, finished_at
  from sync_logs
 where file_sha256 = any($1) and status = 'completed'
