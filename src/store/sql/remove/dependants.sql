-- What stands outside of a schema and would be dropped, or lose a part, with the schema: views,
-- foreign keys, columns of its types, defaults out of its sequences, functions that name its
-- tables.
with recursive inside as (
    select 'pg_class'::regclass as classid, c.oid as objid
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace where n.nspname = $1
    union all
    select 'pg_type'::regclass, t.oid from pg_catalog.pg_type t
      join pg_catalog.pg_namespace n on n.oid = t.typnamespace where n.nspname = $1
    union all
    select 'pg_proc'::regclass, p.oid from pg_catalog.pg_proc p
      join pg_catalog.pg_namespace n on n.oid = p.pronamespace where n.nspname = $1
), dependants as (
    select distinct d.classid, d.objid, d.objsubid
      from pg_catalog.pg_depend d
      join inside i on d.refclassid = i.classid and d.refobjid = i.objid
     where d.deptype in ('n', 'a')
)
select distinct case when k.oid is not null
                     then format('%s refers to it by the foreign key %s', k.conrelid::regclass, k.conname)
                     else pg_describe_object(d.classid, d.objid, d.objsubid) || ' uses it' end
  from dependants d
 cross join lateral pg_identify_object(d.classid, d.objid, d.objsubid) as o
  -- A view depends by its rule, a column by its default. Rules and defaults are in no schema, so
  -- their relation's schema is looked up.
  left join pg_catalog.pg_rewrite r on d.classid = 'pg_rewrite'::regclass and r.oid = d.objid
  left join pg_catalog.pg_attrdef f on d.classid = 'pg_attrdef'::regclass and f.oid = d.objid
  left join pg_catalog.pg_constraint k on d.classid = 'pg_constraint'::regclass and k.oid = d.objid
                                          and k.contype = 'f'
  left join pg_catalog.pg_policy y on d.classid = 'pg_policy'::regclass and y.oid = d.objid
  left join pg_catalog.pg_trigger t on d.classid = 'pg_trigger'::regclass and t.oid = d.objid
  left join pg_catalog.pg_class c
         on c.oid = coalesce(r.ev_class, f.adrelid, k.conrelid, y.polrelid, t.tgrelid)
  left join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where coalesce(n.nspname, o.schema) is not null and coalesce(n.nspname, o.schema) <> $1
   and coalesce(n.nspname, o.schema) !~ '^pg_(toast|temp)'
 order by 1
