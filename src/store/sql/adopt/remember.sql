-- Notes in the registry which tables a company has from where, so that they can be given back.
update public.companies
   set settings = jsonb_set(settings, '{adopted}', coalesce(settings -> 'adopted', '[]')
                            || jsonb_build_object('from', $2::text, 'tables', $3::text[]))
 where slug = $1
