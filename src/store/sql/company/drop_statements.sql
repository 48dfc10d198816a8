-- The statements that take a company's schema and role away, quoted by the server.
select unnest(array[
    format('drop schema %I cascade', $1),
    (select format('drop role %I', rolname) from pg_catalog.pg_roles where rolname = 'vama_' || $1)
]) as statement
