-- What imports hold, by table: how many of their held rows are open, not booked yet, or discarded.
select import_id, coalesce(table_name, '') as table_name,
       count(*) filter (where resolved_at is null and kind <> 'interim') as open,
       count(*) filter (where resolved_at is null and kind = 'interim') as interim,
       count(*) filter (where resolution like 'discarded%') as discarded
  from held_rows
 where import_id = any($1::uuid[])
 group by 1, 2
