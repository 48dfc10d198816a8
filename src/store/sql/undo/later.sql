-- Later imports that found rows there already which may be rows of this import: of the same format,
-- with days in common. Their files are to be read again when they come again.
select l.id, l.number, coalesce(l.file_names[1], '') as file, l.records_skipped as duplicates
  from sync_logs l
  join sync_logs s on s.id = $1::uuid and s.sync_type = l.sync_type and l.number > s.number
 where l.status = 'completed' and l.records_skipped > 0
   and coalesce(l.details -> 'period' ->> 'from' <= s.details -> 'period' ->> 'to', true)
   and coalesce(l.details -> 'period' ->> 'to' >= s.details -> 'period' ->> 'from', true)
 order by l.number
