-- The roles that somebody gave a schema with all tables that will be in it: those with all default
-- rights on its tables, whoever set these rights.
select distinct r.rolname::text
  from pg_catalog.pg_default_acl d
  join pg_catalog.pg_namespace n on n.oid = d.defaclnamespace
 cross join lateral pg_catalog.aclexplode(d.defaclacl) as a
  join pg_catalog.pg_roles r on r.oid = a.grantee
 where n.nspname = $1 and d.defaclobjtype = 'r' and a.privilege_type = 'TRUNCATE'
   and a.grantee <> n.nspowner and r.rolname <> 'vama_' || $1
 order by 1
