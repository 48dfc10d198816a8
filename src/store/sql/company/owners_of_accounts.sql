-- Which companies have any of these accounts: what routes a file. Inactive ones too: their files are
-- not let into another company, nor, as entering them fails, into theirs.
select c.slug, account
  from public.companies c
 cross join lateral jsonb_array_elements_text(c.settings -> 'accounts') as account
 where account = any($1)
 order by c.slug, account
