-- Which active companies have any of these accounts: what routes a file.
select c.slug, account
  from public.companies c
 cross join lateral jsonb_array_elements_text(c.settings -> 'accounts') as account
 where account = any($1) and c.is_active
 order by c.slug, account
