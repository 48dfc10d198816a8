-- The statements that take from the company's role its rights to change the log and the held rows, and
-- those that give the same rights back, quoted by the server. Only who owns a table can take rights on
-- it; the superuser counts as its owner.
select format('revoke %s on %I.%I from %I', rights, schema_name, table_name, role_name) as take,
       format('grant %s on %I.%I to %I', rights, schema_name, table_name, role_name) as give_back
  from (select n.nspname as schema_name, c.relname as table_name, r.rolname as role_name,
               string_agg(acl.privilege_type, ', ' order by acl.privilege_type) as rights
          from pg_catalog.pg_namespace n
          join pg_catalog.pg_class c on c.relnamespace = n.oid
          join pg_catalog.pg_roles r on r.rolname = 'vama_' || $1
         cross join lateral pg_catalog.aclexplode(c.relacl) as acl
         where n.nspname = $1 and c.relname in ('sync_logs', 'held_rows') and acl.grantee = r.oid
           and acl.privilege_type in ('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE')
           and pg_has_role(current_user, c.relowner, 'USAGE')
         group by 1, 2, 3) as granted
 order by table_name
