-- The relations of a company's schema that can move: tables, views other than vama's own, and
-- sequences that no column owns; and whether each was adopted, as the registry remembers.
select c.relname::text, c.relkind in ('r', 'p') as is_table,
       exists (select from public.companies, jsonb_path_query(settings, '$.adopted[*].tables[*]') as it
                where schema_name = $1 and it #>> '{}' = c.relname::text) as is_adopted
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where n.nspname = $1 and c.relkind in ('r', 'p', 'f', 'v', 'm', 'S') and not c.relispartition
   and not (c.relkind = 'v' and c.relname in ('settlements', 'line_orders', 'settlement_lines'))
   and not exists (select from pg_catalog.pg_depend d
                    where d.classid = 'pg_class'::regclass and d.objid = c.oid
                      and c.relkind = 'S' and d.deptype in ('a', 'i'))
 order by 1
