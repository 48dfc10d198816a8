-- The statement, quoted by the server, that locks tables of a schema against everybody; null where
-- the schema has none of these tables.
select 'lock table ' || string_agg(format('%I.%I', $1, c.relname), ', ' order by c.relname)
       || ' in access exclusive mode'
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where n.nspname = $1 and c.relname = any($2) and c.relkind in ('r', 'p')
