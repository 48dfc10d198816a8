-- Whether the company's role may still change the log or the held rows.
select coalesce(bool_or(has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
                        or has_any_column_privilege(r.oid, c.oid, 'INSERT, UPDATE')), false)
  from pg_catalog.pg_namespace n
  join pg_catalog.pg_class c on c.relnamespace = n.oid
  join pg_catalog.pg_roles r on r.rolname = 'vama_' || $1
 where n.nspname = $1 and c.relname in ('sync_logs', 'held_rows')
