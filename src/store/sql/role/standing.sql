-- Whether the company's role is there, whether this user may make it, whether this user may join it so as
-- to take it, whether this user may take it already, and whether a role of that name is something else than a company's own: one that signs in,
-- or has more to it than one schema.
-- Up to version 15 who may create roles may join any; from 16 on only those they administer.
select role.oid is not null,
       me.rolsuper or me.rolcreaterole,
       role.oid is null or not pg_has_role(me.oid, role.oid, 'MEMBER')
           and (me.rolsuper or pg_has_role(me.oid, role.oid, 'MEMBER WITH ADMIN OPTION')
                or me.rolcreaterole and current_setting('server_version_num')::int < 160000),
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
