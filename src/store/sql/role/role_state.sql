-- How the company's role stands: whether it is there; whether this user may create roles; whether
-- this user must and may become a member of it before taking it; whether it must be allowed to sign
-- in, since the database is one of a cluster with further nodes by now; whether this user may take it
-- already; and whether the role of that name is something else than a company's own role: such a
-- role may sign in (which is right only on a cluster with further nodes), owns something, is a
-- member of another role, or has attributes such as CREATEDB. Up to version 15 a user who may
-- create roles may become a member of any role; from 16 on only of roles that they administer.
select role.oid is not null,
       me.rolsuper or me.rolcreaterole,
       role.oid is null or not pg_has_role(me.oid, role.oid, 'MEMBER')
           and (me.rolsuper or pg_has_role(me.oid, role.oid, 'MEMBER WITH ADMIN OPTION')
                or me.rolcreaterole and current_setting('server_version_num')::int < 160000),
       role.oid is not null and $2 and not role.rolcanlogin,
       role.oid is not null and pg_has_role(me.oid, role.oid,
           case when current_setting('server_version_num')::int < 160000 then 'MEMBER' else 'SET' end),
       coalesce(role.oid = me.oid or role.rolcanlogin and not $2 or role.rolsuper or role.rolcreaterole
                or role.rolcreatedb or role.rolreplication or role.rolbypassrls
                or exists (select from pg_catalog.pg_auth_members where member = role.oid)
                or exists (select from pg_catalog.pg_shdepend
                            where refclassid = 'pg_authid'::regclass and refobjid = role.oid
                              and deptype = 'o'), false)
  from pg_catalog.pg_roles me
  left join pg_catalog.pg_roles role on role.rolname = 'vama_' || $1
 where me.rolname = current_user
