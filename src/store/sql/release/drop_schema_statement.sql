-- The statement that drops a schema that is empty, quoted by the server.
select format('drop schema %I', $1::text)
