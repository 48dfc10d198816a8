-- The statements that keep a company's role inside its schema, quoted by the server. It may read
-- and write rows, and change no table. They may be run again, so that the role gets its rights on
-- tables that another user's migration made too.
--
-- Tables are named one by one: the relations of a schema are found by an index, while `all tables
-- in schema` reads the database's whole catalog, once for each kind of table.
with inside as (
    select format('%I.%I', n.nspname, c.relname) as name, c.relkind = 'S' as is_sequence
      from pg_catalog.pg_namespace n
      join pg_catalog.pg_depend d on d.refclassid = 'pg_namespace'::regclass
                                     and d.refobjid = n.oid and d.classid = 'pg_class'::regclass
      join pg_catalog.pg_class c on c.oid = d.objid
     where n.nspname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
       and c.relname <> 'vama_migrations'
)
select statement
  from (select to_regclass(format('%I.vama_migrations', $1)) is not null as versions) as there,
       unnest(array[
    format('grant usage on schema %I to %I', $1, 'vama_' || $1),
    (select format('grant select, insert, update, delete on %s to %I', string_agg(name, ', '),
                   'vama_' || $1)
       from inside where not is_sequence having count(*) > 0),
    (select format('grant all on sequence %s to %I', string_agg(name, ', '), 'vama_' || $1)
       from inside where is_sequence having count(*) > 0),
    -- The role may read which migrations have run: an import under it must refuse a company that is
    -- behind.
    case when versions then format('revoke all on %I.vama_migrations from %I', $1, 'vama_' || $1) end,
    case when versions then format('grant select on %I.vama_migrations to %I', $1, 'vama_' || $1) end,
    format('alter default privileges in schema %I'
           ' grant select, insert, update, delete on tables to %I', $1, 'vama_' || $1),
    format('alter default privileges in schema %I grant all on sequences to %I', $1, 'vama_' || $1)
  ]) as statement
 where statement is not null
