-- Which tables of the registry's names public has. Asked where vama's table of versions is missing
-- there, so that another program must have made them.
select relname::text
  from pg_catalog.pg_class
  join pg_catalog.pg_namespace on pg_namespace.oid = relnamespace
 where nspname = 'public'
   and relname in ('companies', 'users', 'api_credentials')
   and relkind in ('r', 'p', 'v', 'm', 'f')
 order by 1
