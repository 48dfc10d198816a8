-- Writes the log rows of imports; people call an import by its number.
insert into sync_logs (id, sync_type, status, file_names, file_sha256, file_size, records_processed,
                       records_inserted, records_skipped, records_failed, details, error_message,
                       started_at, finished_at)
select id, sync_type, status, array[file_name], file_sha256, file_size, records_processed,
       records_inserted, records_skipped, records_failed, details, error_message,
       $13, clock_timestamp()
  from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[],
              $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[], $11::jsonb[], $12::text[])
       as file (id, sync_type, status, file_name, file_sha256, file_size, records_processed,
                records_inserted, records_skipped, records_failed, details, error_message)
returning id, number
