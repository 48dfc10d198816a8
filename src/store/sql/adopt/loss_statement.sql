-- The statement, quoted by the server, that counts the rows whose number would change in another
-- type. Numbers are compared as numeric, which holds every number, so that no comparison fails for
-- a number's size.
--   $1 schema, $2 table, $3 column, $4 the new type
select case
       when $4 ~ '^numeric\(' then
           format('select count(*) from %I.%I where %I::numeric <> round(%I::numeric, %s)'
                  ' or abs(%I::numeric) >= 1e%s::numeric', $1, $2, $3, $3,
                  substring($4 from ',(\d+)\)'), $3,
                  substring($4 from '\((\d+),')::int - substring($4 from ',(\d+)\)')::int)
       when $4 = 'integer' then
           format('select count(*) from %I.%I where %I::numeric <> trunc(%I::numeric)'
                  ' or abs(%I::numeric) > 2147483647', $1, $2, $3, $3, $3)
       when $4 = 'bigint' then
           format('select count(*) from %I.%I where %I::numeric <> trunc(%I::numeric)'
                  ' or abs(%I::numeric) > 9223372036854775807', $1, $2, $3, $3, $3)
       -- A numeric without bounds holds every number, but these three are none.
       else format('select count(*) from %I.%I where %I::numeric::text in (%L, %L, %L)', $1, $2, $3,
                   'NaN', 'Infinity', '-Infinity')
       end
