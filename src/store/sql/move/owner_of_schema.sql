-- Whether there is a schema of that name, and the company that has it.
select exists (select from pg_catalog.pg_namespace where nspname = $1),
       (select slug from public.companies where schema_name = $1)
