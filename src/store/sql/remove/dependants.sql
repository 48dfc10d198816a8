-- What stands outside of a schema and would go, or break, with it: views and foreign keys of others.
with inside as (
    select c.oid from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname = $1
)
select distinct format('%s %s uses it', case v.relkind when 'm' then 'materialized view'
                                        else 'view' end, v.oid::regclass)
  from pg_catalog.pg_depend d
  join pg_catalog.pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
  join pg_catalog.pg_class v on v.oid = r.ev_class
 where d.refclassid = 'pg_class'::regclass and d.refobjid in (select oid from inside)
   and v.oid not in (select oid from inside)
union
select format('%s refers to it by the foreign key %s', k.conrelid::regclass, k.conname)
  from pg_catalog.pg_constraint k
 where k.contype = 'f' and k.confrelid in (select oid from inside)
   and k.conrelid not in (select oid from inside)
 order by 1
