-- The statements that take vama's views out of a schema, and those that make them again, quoted by the
-- server, each view behind those that it reads. Tables that a view reads cannot be dropped.
select format('drop view %I.%I', n.nspname, c.relname),
       format('create view %I.%I with (security_invoker = true) as %s', n.nspname, c.relname,
              pg_get_viewdef(c.oid))
  from unnest(array['settlements', 'line_orders', 'settlement_lines']) with ordinality as v (name, place)
  join pg_catalog.pg_class c on c.relname = v.name and c.relkind = 'v'
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where n.nspname = $1
 order by v.place
