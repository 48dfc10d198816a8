-- The statement that gives a schema another name, quoted by the server.
select pg_catalog.format('alter schema %I rename to %I', $1::text, $2::text)
