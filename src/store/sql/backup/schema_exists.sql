-- Whether a schema has the name that a dump gives its schema, and must be renamed first.
select exists (select from pg_catalog.pg_namespace where nspname = $1)
