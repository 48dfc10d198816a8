-- The statements that move relations from one schema into another, quoted by the server, in their
-- order. Indexes, sequences that a column owns, checks and rights come along by themselves. Foreign
-- keys between the relations are made anew behind the move: on a cluster none may point from one
-- schema into another, not even for a moment.
--
-- Tables that cannot move are copied and dropped: with their columns, defaults, checks, keys and
-- indexes, their owner, their rows, the numbers that their identity columns go on from, and the
-- rights on them.
--   $1 the schema, $2 the other schema, $3 the relations, $4 those of them that are copied
with moved as (
    select c.oid, c.relname, c.relname = any($4) as is_copied, c.relacl, c.relowner
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = any($3) and c.relkind in ('r', 'p', 'f', 'v', 'm', 'S')
), keys as (
    select m.relname, k.conname, pg_get_constraintdef(k.oid) as definition
      from pg_catalog.pg_constraint k
      join moved m on m.oid = k.conrelid
     where k.contype = 'f' and k.confrelid in (select oid from moved) and k.conparentid = 0
), copied as (
    select *, format('%I.%I', $1, relname) as old, format('%I.%I', $2, relname) as new
      from moved
     where is_copied
)
select statement
  from (select 1 as turn, relname, format('alter table %I.%I drop constraint %I', $1, relname, conname)
          from keys
        union all
        select 2, relname, format('alter table %I.%I set schema %I', $1, relname, $2)
          from moved
         where not is_copied
        union all
        select 2, relname, format('create table %s (like %s including all excluding indexes)', new, old)
          from copied
        union all
        select 3, relname, format('insert into %s (%s) overriding system value select %2$s from %s',
                                  new, string_agg(quote_ident(attname), ', ' order by attnum), old)
          from copied
          join pg_catalog.pg_attribute on attrelid = oid
         where attnum > 0 and not attisdropped and attgenerated = ''
         group by relname, new, old
        union all
        select 4, relname, format('select pg_catalog.setval(pg_catalog.pg_get_serial_sequence(%L, %L),'
                                  ' last_value, is_called) from %s',
                                  new, attname, pg_catalog.pg_get_serial_sequence(old, attname))
          from copied
          join pg_catalog.pg_attribute on attrelid = oid
         where attidentity <> '' and not attisdropped
        union all
        select 4, relname, format('alter table %s add constraint %I %s', new, conname,
                                  pg_get_constraintdef(k.oid))
          from copied
          join pg_catalog.pg_constraint k on conrelid = copied.oid
         where contype in ('p', 'u', 'x')
        union all
        select 4, relname, replace(pg_get_indexdef(indexrelid), ' ON ' || old || ' ',
                                   ' ON ' || new || ' ')
          from copied
          join pg_catalog.pg_index on indrelid = oid
         where not exists (select from pg_catalog.pg_constraint where conindid = indexrelid)
        union all
        select 5, relname, format('grant %s on %s to %s%s', privilege_type, new,
                                  case grantee when 0 then 'public'
                                       else quote_ident(pg_catalog.pg_get_userbyid(grantee)) end,
                                  case when is_grantable then ' with grant option' else '' end)
          from copied, pg_catalog.aclexplode(relacl)
         where grantee <> relowner
        union all
        select 6, relname, format('alter table %s owner to %I', new,
                                  pg_catalog.pg_get_userbyid(relowner))
          from copied
        union all
        select 7, relname, format('drop table %s', old)
          from copied
        union all
        select 8, relname, format('alter table %I.%I add constraint %I %s', $2, relname, conname,
                                  replace(definition, 'REFERENCES ' || quote_ident($1) || '.',
                                          'REFERENCES ' || quote_ident($2) || '.'))
          from keys) as statements (turn, relname, statement)
 order by turn, relname, statement
