-- What another schema has already under a name of the relations that are to move into it, of their
-- indexes, or of their sequences.
with moving as (
    select c.oid, c.relname
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = any($3)
), names as (
    select relname from moving
    union
    select i.relname from pg_catalog.pg_index x
      join moving m on m.oid = x.indrelid
      join pg_catalog.pg_class i on i.oid = x.indexrelid
    union
    select s.relname from pg_catalog.pg_depend d
      join moving m on d.refclassid = 'pg_class'::regclass and m.oid = d.refobjid
      join pg_catalog.pg_class s on d.classid = 'pg_class'::regclass and s.oid = d.objid
     where s.relkind = 'S'
)
select format('schema %s has a %s already', $2, c.relname)
  from pg_catalog.pg_class c
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where n.nspname = $2 and c.relname in (select relname from names)
 order by 1
