-- The held rows that nobody has settled, the oldest first, those that are not booked yet behind the
-- others, without the records themselves. Each has
-- its place among all held rows of its import, by which people call it.
select number, place, kind, table_name, file, source_line, reason, since
  from (select s.number, s.started_at as since, coalesce(s.file_names[1], '') as file, h.kind,
               h.table_name, h.source_line, h.reason, h.resolved_at,
               row_number() over (partition by h.import_id order by h.source_line, h.id) as place
          from held_rows h join sync_logs s on s.id = h.import_id
         where h.import_id in (select import_id from held_rows where resolved_at is null)) as numbered
 where resolved_at is null
 order by kind = 'interim', number, place
 limit $1
