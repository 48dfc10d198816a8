-- The statement that drops tables of a schema, quoted by the server; nothing where there are none.
select 'drop table ' || string_agg(format('%I.%I', $1, name), ', ' order by name)
  from unnest($2::text[]) as name
