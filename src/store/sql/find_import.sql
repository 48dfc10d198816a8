-- The completed import of these very bytes, if there is one.
select number, finished_at from sync_logs where file_sha256 = $1 and status = 'completed'
