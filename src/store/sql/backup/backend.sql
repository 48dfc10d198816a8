-- Which process of the server answers: behind a pooler in transaction mode not always the same one.
select pg_catalog.pg_backend_pid()
