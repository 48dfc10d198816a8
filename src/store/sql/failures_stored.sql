-- The newest log row of these bytes that is no import: the same failure is not logged twice.
select distinct on (file_sha256) file_sha256, id, coalesce(error_message, '')
  from sync_logs
 where file_sha256 = any($1) and status = 'failed'
 order by file_sha256, number desc
