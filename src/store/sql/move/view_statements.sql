-- The statement that takes the view of the settlements out of a schema, and the one that makes it again,
-- quoted by the server; no row where the schema has none. Tables that a view reads cannot be dropped.
select format('drop view %I.%I', n.nspname, c.relname),
       format('create view %I.%I with (security_invoker = true) as %s', n.nspname, c.relname,
              pg_get_viewdef(c.oid))
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where n.nspname = $1 and c.relname = 'settlements' and c.relkind = 'v'
