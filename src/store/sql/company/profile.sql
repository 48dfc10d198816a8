-- What else the registry says of a company: its logo, and the platform's settings. The accounts, and what
-- vama notes of tables that were adopted, are told elsewhere.
select logo_url,
       array(select key from jsonb_each(case when jsonb_typeof(settings) = 'object' then settings
                                             else '{}' end)
              where key not in ('accounts', 'adopted') order by key collate "C") as keys,
       array(select value::text from jsonb_each(case when jsonb_typeof(settings) = 'object' then settings
                                                     else '{}' end)
              where key not in ('accounts', 'adopted') order by key collate "C") as texts
  from public.companies
 where id = $1
