-- The statement that puts held rows into their table, the columns by their names. A row that is there
-- already stays as it is, and is not counted.
select format('with put_in as (insert into %I (%s) select %s from jsonb_populate_recordset(null::%I, $1) '
              || 'on conflict do nothing returning 1) select count(*) from put_in',
              $1, string_agg(quote_ident(name), ', '), string_agg(quote_ident(name), ', '), $1)
  from unnest($2::text[]) as name
