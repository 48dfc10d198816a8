-- The newest imports of the company that was entered.
select number, sync_type, status, file_names, file_size, records_processed, records_inserted,
       records_skipped, records_failed, details, error_message, started_at, finished_at
  from sync_logs
 where $1::bigint is null or number = $1
 order by number desc
 limit $2
