-- All companies, each with the statement, quoted by the server, that reads which migrations it
-- has had (none where it was never migrated), and whether its own role is as it should be: there,
-- and, where $1 says that a cluster connects to further nodes under it, allowed to sign in.
select c.slug, c.schema_name,
       case when to_regclass(format('%I.vama_migrations', c.schema_name)) is not null
            then format('select array_agg(version order by version),'
                        ' array_agg(checksum order by version) from %I.vama_migrations',
                        c.schema_name) end,
       exists (select from pg_catalog.pg_roles
                where rolname = 'vama_' || c.schema_name and (rolcanlogin or not $1))
           or not (select rolsuper or rolcreaterole from pg_catalog.pg_roles
                    where rolname = current_user)
  from public.companies c
 order by c.slug
