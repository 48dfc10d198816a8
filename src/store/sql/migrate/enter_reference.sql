-- Makes a schema the only one in reach, for this transaction alone. Also returns the statement that
-- makes the schema. It is no company's schema, so a cluster is kept from giving it to a node.
select pg_catalog.set_config('search_path', quote_ident($1) || ', pg_catalog, pg_temp', true),
       pg_catalog.set_config('citus.enable_schema_based_sharding', 'off', true),
       format('create schema %I', $1)
