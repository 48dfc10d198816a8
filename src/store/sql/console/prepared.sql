-- The statements that forget what was prepared in SQL, quoted by the server. What a driver prepared
-- is not ours, and a pooler keeps books of it.
select format('deallocate %I', name) from pg_catalog.pg_prepared_statements where from_sql
