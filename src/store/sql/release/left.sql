-- What is left in a schema and could not move: functions, types and the like.
select format('function %s', p.oid::regprocedure)
  from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace
 where n.nspname = $1
union all
select format('type %s', t.oid::regtype)
  from pg_catalog.pg_type t join pg_catalog.pg_namespace n on n.oid = t.typnamespace
 where n.nspname = $1 and t.typelem = 0
   and (t.typrelid = 0 or (select relkind from pg_catalog.pg_class where oid = t.typrelid) = 'c')
union all
select format('relation %s', c.oid::regclass)
  from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
 where n.nspname = $1 and c.relkind <> 'c'
 order by 1
