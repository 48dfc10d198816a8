-- A company of the registry. Until the transaction ends nobody else changes or deletes its row, or
-- adds a row that refers to it.
select id, slug, name, schema_name, cif, industry, is_active, created_at,
       (select coalesce(json_agg(it #>> '{}'), '[]')
          from jsonb_path_query(settings, '$.accounts[*] ? (@.type() == "string")') as it) as accounts
  from public.companies
 where slug = $1
   for update
