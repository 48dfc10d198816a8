-- Notes in the registry which tables a company adopted, and from which schema, so that they can be
-- given back.
update public.companies
   set settings = jsonb_set(case jsonb_typeof(settings) when 'object' then settings else '{}' end,
                            '{adopted}',
                            case jsonb_typeof(settings -> 'adopted')
                                 when 'array' then settings -> 'adopted' else '[]' end
                            || jsonb_build_object('from', $2::text, 'tables', $3::text[]))
 where slug = $1
