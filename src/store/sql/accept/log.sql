-- Writes into the log of an import what is in and what is held now.
update sync_logs
   set records_inserted = $2, records_skipped = $3, records_failed = $4,
       details = jsonb_set(details, '{tables}', $5::jsonb)
 where id = $1::uuid
