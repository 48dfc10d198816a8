-- Every company of the registry, or the one of a slug.
select id, slug, name, schema_name, cif, industry, is_active, created_at,
       coalesce(array(select jsonb_array_elements_text(settings -> 'accounts')), '{}') as accounts
  from public.companies
 where $1::text is null or slug = $1
 order by slug
