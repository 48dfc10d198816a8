-- The records of an import that could not be read, and that nobody has settled. What contradicts a row in
-- the books is accepted or discarded, not put right.
select coalesce(source_line, 0) as line, reason, raw
  from held_rows
 where import_id = $1::uuid and resolved_at is null and kind = 'malformed'
 order by source_line, id
