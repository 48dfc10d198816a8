-- Later imports that found rows there, or were contradicted by rows there, which may be rows of this
-- import: of the same format, and of statements those with days in common. Their files are to be read
-- again when they come again. Of orders and invoices each import has what it says itself.
select l.id, l.number, coalesce(l.file_names[1], '') as file, l.records_skipped as duplicates,
       l.records_failed as held
  from sync_logs l
  join sync_logs s on s.id = $1::uuid and s.sync_type = l.sync_type and l.number > s.number
 where l.status = 'completed'
   and (l.records_failed > 0
        or l.records_skipped > 0 and not coalesce(l.details -> 'tables' ?| array['orders', 'invoices'], false)
        or jsonb_path_exists(l.details #- '{tables,orders}' #- '{tables,invoices}',
                             '$.tables.* ? (@.duplicates > 0 || @.held > 0)'))
   and (s.sync_type <> 'mt940'
        or coalesce(l.details -> 'period' ->> 'from' <= s.details -> 'period' ->> 'to', true)
           and coalesce(l.details -> 'period' ->> 'to' >= s.details -> 'period' ->> 'from', true))
 order by l.number
