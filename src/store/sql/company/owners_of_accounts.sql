-- Which companies have any of these accounts: what routes a file. Inactive ones too: their files are
-- not let into another company, nor, as entering them fails, into theirs.
select c.slug, account #>> '{}'
  from public.companies c
 cross join lateral jsonb_path_query(c.settings, '$.accounts[*] ? (@.type() == "string")') as account
 where account #>> '{}' = any($1)
 order by 1, 2
