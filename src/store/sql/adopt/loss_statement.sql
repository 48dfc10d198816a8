-- The statement that counts the rows whose number another type does not hold as it is, quoted by the
-- server. All is compared as numeric, which holds every number, so that none fails for its size.
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
       -- A numeric without bounds holds all but what is no number.
       else format('select count(*) from %I.%I where %I::numeric::text in (%L, %L, %L)', $1, $2, $3,
                   'NaN', 'Infinity', '-Infinity')
       end
