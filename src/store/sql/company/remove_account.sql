-- Forgets an account of a company; nothing is changed where it has not got it.
update public.companies
   set settings = jsonb_set(settings, '{accounts}', (settings -> 'accounts') - $2::text)
 where slug = $1 and jsonb_typeof(settings -> 'accounts') = 'array' and settings -> 'accounts' ? $2
