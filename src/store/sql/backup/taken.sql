-- What stands in the way of a restored company. `binding` is what no company can do without; the
-- rest a copy beside the original goes without. $6 says that the schema was made already, and is
-- the restored company's own. A CIF is the same with RO and without.
select true as binding, 'slug ' || slug as what from public.companies where slug = $1
union all
select true, 'schema ' || $2
 where exists (select from pg_catalog.pg_namespace where nspname = $2 and not $6)
    or exists (select from public.companies where schema_name = $2)
union all
select false, 'the company itself (' || slug || ')'
  from public.companies where id = ($3::text::jsonb ->> 'id')::uuid
union all
select false, 'CIF ' || cif || ' (' || slug || ')'
  from public.companies
 where regexp_replace(regexp_replace(upper(cif), '[[:space:]]', '', 'g'), '^RO(?=[0-9])', '')
       = regexp_replace(regexp_replace(upper($3::text::jsonb ->> 'cif'), '[[:space:]]', '', 'g'), '^RO(?=[0-9])', '')
union all
select false, 'account ' || account || ' (' || slug || ')'
  from public.companies, jsonb_path_query(settings, '$.accounts[*] ? (@.type() == "string")') as it,
       lateral (select it #>> '{}') as text (account)
 where $3::text::jsonb -> 'settings' -> 'accounts' ? account
union all
select false, 'user ' || username
  from public.users
 where id in (select (it::jsonb ->> 'id')::uuid from unnest($4::text[]) as it)
    or username_hash in (select it::jsonb ->> 'username_hash' from unnest($4::text[]) as it)
union all
select false, 'credentials of ' || service_type
  from public.api_credentials
 where id in (select (it::jsonb ->> 'id')::uuid from unnest($5::text[]) as it)
