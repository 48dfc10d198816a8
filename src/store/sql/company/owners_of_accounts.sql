-- Which companies have any of these accounts, to route files. Inactive companies count too: their
-- files must not go into another company. Nor do they go into the inactive company, since entering
-- it fails.
select c.slug, account #>> '{}'
  from public.companies c
 cross join lateral jsonb_path_query(c.settings, '$.accounts[*] ? (@.type() == "string")') as account
 where account #>> '{}' = any($1)
 order by 1, 2
