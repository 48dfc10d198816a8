-- Where the registry is open: each of its tables into which PUBLIC or a visitor's role of Supabase
-- may write, or that lacks row-level security, in words, with the statement, quoted by the server,
-- that closes it. A right that a role has through another role is told too, but the other role
-- keeps it. No row where all is closed.
with ours as (
    select c.oid, c.relname::text as name, c.relrowsecurity
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p')
       and c.relname in ('companies', 'users', 'api_credentials', 'vama_migrations')
), visitors (oid, name) as (
    -- PUBLIC is no role, and has the number 0.
    select 0::oid, 'PUBLIC'
    union all
    select oid, quote_ident(rolname) from pg_catalog.pg_roles where rolname in ('anon', 'authenticated')
), rights (place, name, is_of_columns) as (
    values (1, 'INSERT', true), (2, 'UPDATE', true), (3, 'DELETE', false), (4, 'TRUNCATE', false)
), writers as (
    select ours.name as writable, visitors.name as visitor,
           string_agg(rights.name, ', ' order by place) as rights
      from ours cross join visitors cross join rights
     where pg_catalog.has_table_privilege(visitors.oid, ours.oid, rights.name)
        or case when is_of_columns
                then pg_catalog.has_any_column_privilege(visitors.oid, ours.oid, rights.name) end
     group by 1, 2
)
select format('%s lets %s write (%s), expected nobody but who owns it', writable, visitor, rights),
       format('revoke insert, update, delete, truncate on public.%I from %s', writable, visitor)
  from writers
union all
select format('%s has no row-level security', name),
       format('alter table public.%I enable row level security', name)
  from ours
 where not relrowsecurity
 order by 1
