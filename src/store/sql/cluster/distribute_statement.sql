-- The statement that gives a schema to a node of the cluster, quoted by the server.
select format('select pg_catalog.citus_schema_distribute(%L)', $1::text)
