-- The statements that give the fence to the company's role, quoted by the server; no row where
-- there is no such role or this user may not take it, as in take_role.sql.
select format('alter function pg_temp.vama_rows(pg_catalog.text) owner to %1$I;'
              'alter function pg_temp.vama_run(pg_catalog.text) owner to %1$I', rolname)
  from pg_catalog.pg_roles
 where rolname = 'vama_' || $1 and pg_has_role(current_user, oid,
                   case when current_setting('server_version_num')::int < 160000
                        then 'MEMBER' else 'SET' end)
