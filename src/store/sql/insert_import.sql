-- The import's own row; its number is what people call it by.
insert into sync_logs (id, sync_type, status, file_names, file_sha256, file_size, records_processed,
                       records_inserted, records_skipped, records_failed, details, error_message,
                       started_at, finished_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, clock_timestamp())
returning number
