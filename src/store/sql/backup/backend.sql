-- Which process of the server answers: through a pooler in transaction mode now this one, now that.
select pg_catalog.pg_backend_pid()
