-- Closes what imports hold, since their files are read again, and what is held then is held anew.
update held_rows
   set resolved_at = now(), resolution = 'its file was read again'
 where import_id = any($1::uuid[]) and resolved_at is null
