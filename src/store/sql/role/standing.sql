-- Whether the company's role is there, and whether this user may make it, or join it so as to take it.
-- Up to version 15 who may create roles may join any; from 16 on only those they administer.
select exists_already,
       may_create,
       may_create and not exists_already
           or exists_already and not pg_has_role(current_user, role, 'MEMBER')
              and (is_super or pg_has_role(current_user, role, 'MEMBER WITH ADMIN OPTION')
                   or may_create and current_setting('server_version_num')::int < 160000)
  from (select to_regrole(quote_ident('vama_' || $1)) as role,
               to_regrole(quote_ident('vama_' || $1)) is not null as exists_already,
               rolsuper as is_super, rolsuper or rolcreaterole as may_create
          from pg_catalog.pg_roles where rolname = current_user) as standing
