-- The statement that makes a company's schema, quoted by the server.
select format('create schema %I', $1::text)
