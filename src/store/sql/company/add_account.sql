-- Remembers an account for a company, unless some company has it already.
update public.companies
   set settings = jsonb_set(settings, '{accounts}',
                            coalesce(settings -> 'accounts', '[]') || to_jsonb($2::text))
 where slug = $1
   and not exists (select from public.companies other
                    where other.settings -> 'accounts' ? $2)
