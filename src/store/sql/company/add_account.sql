-- Remembers an account for a company. Whatever else the platform has written into the settings
-- stays.
update public.companies
   set settings = jsonb_set(case jsonb_typeof(settings) when 'object' then settings else '{}' end,
                            '{accounts}',
                            to_jsonb(array(select it #>> '{}' from jsonb_path_query(settings,
                                         '$.accounts[*] ? (@.type() == "string")') as it) || $2::text))
 where slug = $1
