-- Every company of the registry.
select id, slug, name, schema_name, cif, industry, is_active, created_at,
       coalesce(array(select jsonb_array_elements_text(settings -> 'accounts')), '{}') as accounts
  from public.companies
 order by slug
