-- The statement that drops a company's role, quoted by the server; no row where there is no such
-- role, where this user may not drop it, or where the role still has rights: a company of the same
-- slug in another database of this server works under it too.
select format('drop role %I', r.rolname)
  from pg_catalog.pg_roles r
  join pg_catalog.pg_roles me on me.rolname = current_user
 where r.rolname = 'vama_' || $1
   and (me.rolsuper or me.rolcreaterole
                       and (current_setting('server_version_num')::int < 160000
                            or pg_has_role(me.oid, r.oid, 'MEMBER WITH ADMIN OPTION')))
   and not exists (select from pg_catalog.pg_shdepend d
                    where d.refclassid = 'pg_authid'::regclass and d.refobjid = r.oid)
