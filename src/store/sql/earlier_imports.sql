-- What is left of completed imports: how many rows each put into the tables and how many of these
-- are still there; how many of its held rows are open, not booked yet, or discarded; whether rows
-- that it found there were taken out since (undo). Rows of an import stand together, so the index by
-- import finds them.
with imports as (
    select id, records_inserted, records_skipped, records_failed,
           case when jsonb_typeof(details -> 'tables') = 'object' then details -> 'tables'
                else '{}' end as tables,
           details ? 'undone_rows' as has_lost, file_names, details
      from sync_logs
     where id = any($1::uuid[])
), stored as (
    select import_id, count(*) as rows from bank_transactions
     where import_id = any(array(select id from imports)) group by 1
    union all
    select import_id, count(*) from gls_borderouri
     where import_id = any(array(select id from imports)) group by 1
    union all
    select import_id, count(*) from gls_borderou_parcels
     where import_id = any(array(select id from imports)) group by 1
    union all
    select import_id, count(*) from gls_parcels
     where import_id = any(array(select id from imports)) group by 1
    union all
    select import_id, count(*) from netopia_batches
     where import_id = any(array(select id from imports)) group by 1
    union all
    select import_id, count(*) from netopia_transactions
     where import_id = any(array(select id from imports)) group by 1
), held as (
    select import_id,
           count(*) filter (where resolved_at is null and kind <> 'interim') as open,
           count(*) filter (where resolved_at is null and kind = 'interim') as interim,
           count(*) filter (where resolution like 'discarded%') as discarded
      from held_rows
     where import_id = any(array(select id from imports))
     group by 1
)
select id, records_inserted as inserted, records_skipped as duplicates,
       records_failed as held_then, tables::text as tables,
       has_lost or coalesce((select sum(rows) from stored where import_id = id), 0)
                   < coalesce((select sum((value ->> 'inserted')::bigint) from jsonb_each(tables)), 0)
           as is_incomplete,
       coalesce(open, 0) as open, coalesce(interim, 0) as interim,
       coalesce(discarded, 0) as discarded,
       case when details ->> 'watched' = 'true'
            then coalesce(details ->> 'container', file_names[1]) end as watched_as
  from imports left join held on import_id = id
