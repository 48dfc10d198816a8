-- The records of an import that are held by themselves and that nobody has settled. A settlement that is
-- held as a whole is accepted or discarded, not put right.
select coalesce(source_line, 0) as line, kind, reason, raw
  from held_rows
 where import_id = $1::uuid and resolved_at is null and kind <> 'interim' and settlement_key is null
 order by source_line, id
