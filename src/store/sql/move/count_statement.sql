-- The statement that counts the rows of tables of a schema, and the one that locks them against
-- everybody, quoted by the server; nothing where the schema has none of them.
select string_agg(format('select %L as table_name, count(*) from %I.%I', c.relname, $1, c.relname),
                  ' union all ' order by c.relname),
       'lock table ' || string_agg(format('%I.%I', $1, c.relname), ', ' order by c.relname)
       || ' in access exclusive mode'
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where n.nspname = $1 and c.relname = any($2) and c.relkind in ('r', 'p')
