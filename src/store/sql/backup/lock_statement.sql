-- The statement, quoted by the server, that keeps writers out of all tables of one schema and some
-- tables of another schema until the transaction ends, so that the rows that are counted are the
-- rows that are dumped. Null where there is no such table.
select 'lock table ' || string_agg(format('%I.%I', nspname, relname), ', ' order by nspname, relname)
       || ' in share mode'
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where relkind in ('r', 'p')
   and (nspname = $1 or (nspname = $2 and relname = any($3)))
