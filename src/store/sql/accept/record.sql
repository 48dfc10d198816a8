-- The held row at place $2 of import $1: what it is, the rows that it would have become, of its whole
-- settlement where that is held, and what the log says of its import.
select s.id as import_id, h.id, h.kind, coalesce(h.table_name, '') as table_name, h.row_key,
       h.settlement_key, h.resolved_at is not null as is_settled,
       coalesce((select record_rows from held_rows
                  where import_id = s.id and settlement_key = h.settlement_key
                    and record_rows is not null
                  limit 1), h.record_rows) as record_rows,
       case when h.settlement_key is null then 1
            else (select count(*) from held_rows
                   where import_id = s.id and settlement_key = h.settlement_key
                     and record_rows is null) end as lines_held,
       s.records_inserted as inserted, s.records_skipped as duplicates, s.records_failed as held,
       coalesce(s.details ->> 'tables', '{}') as tables
  from sync_logs s
  join (select *, row_number() over (partition by import_id order by source_line, id) as place
          from held_rows
         where import_id = (select id from sync_logs where number = $1)) as h on h.import_id = s.id
 where h.place = $2
