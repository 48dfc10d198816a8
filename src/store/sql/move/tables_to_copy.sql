-- Which of the relations a cluster cannot move from one schema into another: its tables with an
-- identity column. None where this is no cluster.
select c.relname::text
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where n.nspname = $1 and c.relname = any($2)
   and exists (select from pg_catalog.pg_dist_partition where logicalrelid = c.oid)
   and exists (select from pg_catalog.pg_attribute
                where attrelid = c.oid and attidentity <> '' and not attisdropped)
 order by 1
