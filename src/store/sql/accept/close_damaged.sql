-- Closes what could not be read of the files of these imports: another import brings their settlement in
-- whole.
update held_rows
   set resolved_at = now(), resolution = 'its settlement came in whole', resolved_by = $2::uuid
 where import_id = any($1::uuid[]) and import_id <> $2::uuid and kind = 'malformed'
   and resolved_at is null
