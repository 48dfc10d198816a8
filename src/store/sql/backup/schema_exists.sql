-- Whether the name that a dump gives its schema has to be made free first.
select exists (select from pg_catalog.pg_namespace where nspname = $1)
