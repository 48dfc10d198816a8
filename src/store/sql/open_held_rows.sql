-- The first held rows of imports that somebody has to settle, without the records themselves: at most
-- $2 of each import, by their lines.
select import_id, kind, table_name, row_key, reason, source_line
  from (select *, row_number() over (partition by import_id order by source_line, id) as place
          from held_rows
         where import_id = any($1::uuid[]) and resolved_at is null and kind <> 'interim') as numbered
 where place <= $2
 order by import_id, place
