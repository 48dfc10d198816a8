-- Every company of the registry, or the one of a slug.
select id, slug, name, schema_name, cif, industry, is_active, created_at,
       (select coalesce(json_agg(it #>> '{}'), '[]')
          from jsonb_path_query(settings, '$.accounts[*] ? (@.type() == "string")') as it) as accounts
  from public.companies
 where $1::text is null or slug = $1
 order by slug
