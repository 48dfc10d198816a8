-- The statements that time a plain COPY, quoted by the server: one makes an empty table like the
-- given table, one copies the rows of some imports out of the given table in the order of their
-- keys, one copies them into the empty table.
--
-- A COPY takes no parameters, so the numbers of the imports stand in its text.
select format('create table %I (like %I including all)', 'vama_floor_' || $1, $1),
       format('copy (select t.* from %I t join sync_logs s on s.id = t.import_id'
              ' where s.number = any(%L::bigint[]) order by t.%I)'
              ' to stdout with (format binary)', $1, $3::bigint[], $2),
       format('copy %I from stdin with (format binary)', 'vama_floor_' || $1)
