-- The statement, quoted by the server, that counts the rows of every table of a schema, or of some
-- of them. Null where there is no such table.
select string_agg(format('select %L::text, count(*) from %I.%I', relname, nspname, relname),
                  ' union all ' order by relname)
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where relkind in ('r', 'p') and nspname = $1 and ($2::text[] is null or relname = any($2))
