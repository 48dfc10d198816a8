-- Which table of a schema refers to which other one in it.
select a.relname::text, b.relname::text
  from pg_catalog.pg_constraint k
  join pg_catalog.pg_class a on a.oid = k.conrelid
  join pg_catalog.pg_class b on b.oid = k.confrelid
  join pg_catalog.pg_namespace n on n.oid = a.relnamespace and n.oid = b.relnamespace
 where k.contype = 'f' and n.nspname = $1
