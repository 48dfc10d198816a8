-- One held row with its record: the one at place $2 among those of import $1.
select h.id, h.kind, h.table_name, h.row_key, h.reason, h.raw, h.source_line,
       coalesce(s.file_names[1], '') as file, s.started_at as since, h.resolved_at, h.resolution,
       case when h.settlement_key is null then (h.record_rows::jsonb -> 0 ->> 'row')::jsonb end as kept
  from (select *, row_number() over (partition by import_id order by source_line, id) as place
          from held_rows
         where import_id = (select id from sync_logs where number = $1)) as h
  join sync_logs s on s.id = h.import_id
 where s.number = $1 and h.place = $2
