-- What is left of completed imports: how many rows each put into the tables and how many of these
-- are still there; how many of its held rows are open, not booked yet, or discarded; whether rows
-- that it found there were taken out since (undo).
--
-- Rows of an import have identifiers that follow on each other, which the log knows, so the primary
-- key finds them. By the index on import_id alone the planner may read the whole table, where few
-- imports have brought most of its rows.
with imports as (
    select id, records_inserted, records_skipped, records_failed, file_names, details,
           case when jsonb_typeof(details -> 'tables') = 'object' then details -> 'tables'
                else '{}' end as tables,
           coalesce((details ->> 'first_id')::uuid, '00000000-0000-0000-0000-000000000000') as first,
           coalesce((details ->> 'last_id')::uuid, 'ffffffff-ffff-ffff-ffff-ffffffffffff') as last
      from sync_logs
     where id = any($1::uuid[])
), stored as (
    select id,
           (select count(*) from bank_transactions
             where id between i.first and i.last and import_id = i.id)
           + (select count(*) from gls_borderouri
               where id between i.first and i.last and import_id = i.id)
           + (select count(*) from gls_borderou_parcels
               where id between i.first and i.last and import_id = i.id)
           + (select count(*) from gls_parcels
               where id between i.first and i.last and import_id = i.id)
           + (select count(*) from netopia_batches
               where id between i.first and i.last and import_id = i.id)
           + (select count(*) from netopia_transactions
               where id between i.first and i.last and import_id = i.id) as rows
      from imports i
), held as (
    select import_id,
           count(*) filter (where resolved_at is null and kind <> 'interim') as open,
           count(*) filter (where resolved_at is null and kind = 'interim') as interim,
           count(*) filter (where resolution like 'discarded%') as discarded
      from held_rows
     where import_id = any($1::uuid[])
     group by 1
)
select id, records_inserted as inserted, records_skipped as duplicates,
       records_failed as held_then, tables::text as tables,
       details ? 'undone_rows'
       or rows < coalesce((select sum((value ->> 'inserted')::bigint) from jsonb_each(tables)), 0)
           as is_incomplete,
       coalesce(open, 0) as open, coalesce(interim, 0) as interim,
       coalesce(discarded, 0) as discarded,
       case when details ->> 'watched' = 'true'
            then coalesce(details ->> 'container', file_names[1]) end as watched_as
  from imports
  join stored using (id)
  left join held on import_id = id
