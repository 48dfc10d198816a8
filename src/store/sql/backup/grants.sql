-- Which roles may use the schema besides its owner and the company's own role, and what each may do
-- with all of its tables.
select (select rolname::text from pg_catalog.pg_roles where oid = grantee) as role,
       array(select privilege
               from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES',
                                 'TRIGGER']) as privilege
              where (select bool_and(has_table_privilege(grantee, c.oid, privilege))
                       from pg_catalog.pg_class c
                      where c.relnamespace = n.oid and c.relkind in ('r', 'p'))) as on_tables
  from pg_catalog.pg_namespace n
 cross join lateral aclexplode(n.nspacl) as acl
 where n.nspname = $1 and acl.privilege_type = 'USAGE' and acl.grantee <> n.nspowner
   and acl.grantee <> 0
   and acl.grantee is distinct from (select oid from pg_catalog.pg_roles
                                      where rolname = 'vama_' || $1)
 order by 1
