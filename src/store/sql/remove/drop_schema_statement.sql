-- The statement that takes a company's schema away with all that is in it, quoted by the server.
select format('drop schema if exists %I cascade', $1::text)
