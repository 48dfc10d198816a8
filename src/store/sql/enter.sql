-- Enters a company for this transaction alone: from here on only its schema is in reach.
--
-- The path comes from the registry and is quoted here, so that no name from outside ever becomes
-- part of a statement. Temporary tables, which somebody else may have left on a pooled connection,
-- come last in the path: where the path does not name them, they come first. For an unknown or
-- inactive company there is no row.
select id, slug, name, schema_name, cif, industry, is_active, created_at,
       (select coalesce(json_agg(it #>> '{}'), '[]')
          from jsonb_path_query(settings, '$.accounts[*] ? (@.type() == "string")') as it) as accounts,
       set_config('search_path', quote_ident(schema_name) || ', pg_catalog, pg_temp', true) as path
  from public.companies
 where slug = $1 and is_active
