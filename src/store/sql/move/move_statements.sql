-- The statements that move relations from one schema into another, quoted by the server, in their
-- order. Indexes, sequences that a column owns, checks and rights come along by themselves. Foreign
-- keys between the relations are made anew behind the move: on a cluster none may point from one
-- schema into another, not even for a moment.
with moved as (
    select c.oid, c.relname
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = any($3) and c.relkind in ('r', 'p', 'f', 'v', 'm', 'S')
), keys as (
    select m.relname, k.conname, pg_get_constraintdef(k.oid) as definition
      from pg_catalog.pg_constraint k
      join moved m on m.oid = k.conrelid
     where k.contype = 'f' and k.confrelid in (select oid from moved) and k.conparentid = 0
)
select statement
  from (select 1 as turn, relname, format('alter table %I.%I drop constraint %I', $1, relname, conname)
          from keys
        union all
        select 2, relname, format('alter table %I.%I set schema %I', $1, relname, $2)
          from moved
        union all
        select 3, relname, format('alter table %I.%I add constraint %I %s', $2, relname, conname,
                                  replace(definition, 'REFERENCES ' || quote_ident($1) || '.',
                                          'REFERENCES ' || quote_ident($2) || '.'))
          from keys) as statements (turn, relname, statement)
 order by turn, relname
