-- The statement that drops tables of a schema, quoted by the server; null where none are named.
select 'drop table ' || string_agg(format('%I.%I', $1, name), ', ' order by name)
  from unnest($2::text[]) as name
