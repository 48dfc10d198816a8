-- The statements, quoted by the server, that drop the prepared statements that were made in SQL.
-- Those that a driver made are not ours, and a pooler keeps track of them.
select format('deallocate %I', name) from pg_catalog.pg_prepared_statements where from_sql
