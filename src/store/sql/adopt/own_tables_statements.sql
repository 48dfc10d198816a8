-- The statements that take a company's own empty tables out of the way of those that move in,
-- quoted by the server: first the foreign keys that point to these tables are dropped; they are
-- made anew later, as keys that are missing.
with own as (
    select c.oid, c.relname
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = any($2)
)
select statement
  from (select 1, format('alter table %s drop constraint %I', k.conrelid::regclass, k.conname)
          from pg_catalog.pg_constraint k
         where k.contype = 'f' and k.confrelid in (select oid from own)
        union all
        select 2, format('drop table %I.%I', $1, relname) from own) as statements (turn, statement)
 order by turn, statement
