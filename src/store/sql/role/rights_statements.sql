-- The statements that keep a company's role inside its schema, quoted by the server. It may read and
-- write rows, and change no table. They may be run again: what a migration of another user made becomes
-- the role's too.
--
-- Tables are named one by one: what is in a schema is found by an index, while `all tables in schema`
-- reads the database's whole catalog, once for each kind of table.
with inside as (
    select format('%I.%I', n.nspname, c.relname) as name, c.relkind = 'S' as is_sequence
      from pg_catalog.pg_namespace n
      join pg_catalog.pg_depend d on d.refclassid = 'pg_namespace'::regclass
                                     and d.refobjid = n.oid and d.classid = 'pg_class'::regclass
      join pg_catalog.pg_class c on c.oid = d.objid
     where n.nspname = $1 and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
)
select statement
  from unnest(array[
    format('grant usage on schema %I to %I', $1, 'vama_' || $1),
    (select format('grant select, insert, update, delete on %s to %I', string_agg(name, ', '),
                   'vama_' || $1)
       from inside where not is_sequence having count(*) > 0),
    (select format('grant all on sequence %s to %I', string_agg(name, ', '), 'vama_' || $1)
       from inside where is_sequence having count(*) > 0),
    format('alter default privileges in schema %I'
           ' grant select, insert, update, delete on tables to %I', $1, 'vama_' || $1),
    format('alter default privileges in schema %I grant all on sequences to %I', $1, 'vama_' || $1)
  ]) as statement
 where statement is not null
