-- Enters a company for this transaction alone: from here on only its schema is in reach.
--
-- The path comes from the registry and is quoted here, so that no name from outside ever becomes
-- part of a statement. An unknown or inactive company is no row.
select id, slug, name, schema_name, cif, industry, is_active, created_at,
       coalesce(array(select jsonb_array_elements_text(settings -> 'accounts')), '{}') as accounts,
       set_config('search_path', quote_ident(schema_name) || ', pg_catalog', true) as path
  from public.companies
 where slug = $1 and is_active
