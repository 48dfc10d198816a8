-- Keeps the schema of a company, where it has this one, from being taken away or given another name until the
-- transaction ends.
select from public.companies where schema_name = $1 for no key update
