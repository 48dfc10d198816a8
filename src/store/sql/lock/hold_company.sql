-- A company of the registry, whose row nobody else changes or takes away until the transaction ends; nor does
-- anybody add a row that refers to it.
select id, slug, name, schema_name, cif, industry, is_active, created_at,
       array(select it #>> '{}'
               from jsonb_path_query(settings, '$.accounts[*] ? (@.type() == "string")') as it) as accounts
  from public.companies
 where slug = $1
   for update
