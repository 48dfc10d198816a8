-- What stands in the way of a new company: its slug, CIF, schema or accounts, where others have
-- them, or a user of that name in any company. Where the new company's schema was made already, no
-- schema is looked for. A CIF is the same with RO and without: RO only says who pays VAT.
select 'slug ' || slug from public.companies where slug = $1
union all
select 'CIF ' || cif || ' (' || slug || ')' from public.companies
 where regexp_replace(regexp_replace(upper(cif), '[[:space:]]', '', 'g'), '^RO(?=[0-9])', '')
       = regexp_replace(regexp_replace(upper($2), '[[:space:]]', '', 'g'), '^RO(?=[0-9])', '')
union all
select 'schema ' || nspname from pg_catalog.pg_namespace where nspname = $3
union all
select 'account ' || (account #>> '{}') || ' (' || slug || ')'
  from public.companies,
       jsonb_path_query(settings, '$.accounts[*] ? (@.type() == "string")') as account
 where account #>> '{}' = any($4)
union all
select 'user ' || username || coalesce(' (' || slug || ')', '')
  from public.users left join public.companies on companies.id = company_id
 where username_hash = $5
