-- The statements that give a role its rights on a schema back, quoted by the server; none where
-- there is no such role here. Only words that are names of rights become part of a statement.
select unnest(array[
    format('grant usage on schema %I to %I', $1, rolname),
    case when rights > '' then
        format('grant %s on all tables in schema %I to %I', rights, $1, rolname) end,
    case when rights > '' then
        format('alter default privileges in schema %I grant %s on tables to %I', $1, rights, rolname) end,
    case when writes then format('grant usage on all sequences in schema %I to %I', $1, rolname) end
])
  from pg_catalog.pg_roles,
       (select string_agg(it, ', ') as rights, bool_or(it = 'INSERT') as writes
          from unnest($3::text[]) as it
         where it in ('SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'))
       as given
 where rolname = $2
