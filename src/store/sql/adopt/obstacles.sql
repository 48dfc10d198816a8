-- What keeps tables of a schema from becoming a company's: foreign keys to or from tables that
-- stay, which would point out of the company's schema, and row-level security, which imports under
-- the company's own role would not get past.
with moved as (
    select c.oid, c.relname, c.relrowsecurity
      from pg_catalog.pg_class c
      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
     where n.nspname = $1 and c.relname = any($2)
)
select format('%s has row-level security, which keeps imports out; end it with: alter table %I.%I'
              ' disable row level security', relname, $1, relname)
  from moved where relrowsecurity
union all
select format('%s refers to %s, which stays, by the foreign key %s; drop that key, or adopt both',
              m.relname, k.confrelid::regclass, k.conname)
  from pg_catalog.pg_constraint k
  join moved m on m.oid = k.conrelid
 where k.contype = 'f' and k.confrelid not in (select oid from moved)
union all
select format('%s, which stays, refers to %s by the foreign key %s; drop that key, or adopt both',
              k.conrelid::regclass, m.relname, k.conname)
  from pg_catalog.pg_constraint k
  join moved m on m.oid = k.confrelid
 where k.contype = 'f' and k.conrelid not in (select oid from moved)
 order by 1
