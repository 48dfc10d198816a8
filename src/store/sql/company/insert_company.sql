-- Writes a company into the registry; its schema and role are made in the same transaction.
insert into public.companies (id, name, slug, schema_name, cif, industry, settings)
values ($1, $2, $3, $4, $5, $6, jsonb_build_object('accounts', $7::text[]))
