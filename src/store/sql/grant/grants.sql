-- The roles that somebody gave a schema: those that may use it, without its owner and the company's
-- own role.
select coalesce(r.rolname::text, 'public')
  from pg_catalog.pg_namespace n
 cross join lateral pg_catalog.aclexplode(n.nspacl) as a
  left join pg_catalog.pg_roles r on r.oid = a.grantee
 where n.nspname = $1 and a.privilege_type = 'USAGE'
   and a.grantee <> n.nspowner and r.rolname is distinct from 'vama_' || $1
 group by 1
 order by 1
