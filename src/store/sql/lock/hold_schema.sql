-- Where a company has this schema, keeps the schema from being dropped or renamed until the
-- transaction ends.
select from public.companies where schema_name = $1 for no key update
