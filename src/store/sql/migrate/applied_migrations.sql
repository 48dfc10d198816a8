-- All companies, each with the statement, quoted by the server, that reads which migrations it
-- has had (none where it was never migrated), and whether its own role is there.
select c.slug, c.schema_name,
       case when to_regclass(format('%I.vama_migrations', c.schema_name)) is not null
            then format('select array_agg(version order by version),'
                        ' array_agg(checksum order by version) from %I.vama_migrations',
                        c.schema_name) end,
       to_regrole(quote_ident('vama_' || c.schema_name)) is not null
           or not (select rolsuper or rolcreaterole from pg_catalog.pg_roles
                    where rolname = current_user)
  from public.companies c
 order by c.slug
