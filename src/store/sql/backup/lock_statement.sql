-- The statement, quoted by the server, that keeps writers out of the tables of a schema and out of some
-- another one until the transaction ends: what is counted is what is dumped. Nothing where there is none.
select 'lock table ' || string_agg(format('%I.%I', nspname, relname), ', ' order by nspname, relname)
       || ' in share mode'
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where relkind in ('r', 'p')
   and (nspname = $1 or (nspname = $2 and relname = any($3)))
