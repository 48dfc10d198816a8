-- What is worth a warning once tables are in a company's schema: triggers, which run for every row
-- of an import, and roles that had rights on the tables but may not use the company's schema.
with moved as (
    select c.oid, c.relname, c.relacl, c.relowner, c.relnamespace
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = any($2)
)
select format('%s has the trigger %s, which runs for every row of an import', m.relname, t.tgname)
  from pg_catalog.pg_trigger t
  join moved m on m.oid = t.tgrelid
 where not t.tgisinternal
union all
select format('%s has rights on %s, and reaches them in the company''s schema only after:'
              ' vama company grant %s --to %s',
              r.rolname, string_agg(distinct m.relname::text, ', '), $3, r.rolname)
  from moved m
 cross join lateral pg_catalog.aclexplode(m.relacl) as a
  join pg_catalog.pg_roles r on r.oid = a.grantee
 where a.grantee <> m.relowner
   and not pg_catalog.has_schema_privilege(r.oid, m.relnamespace, 'USAGE')
 group by r.rolname
 order by 1
