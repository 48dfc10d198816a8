-- Makes a schema the only one in reach, for this transaction alone. It is no company's: on a cluster
-- it need not be given to a node.
select pg_catalog.set_config('search_path', quote_ident($1) || ', pg_catalog, pg_temp', true),
       pg_catalog.set_config('citus.enable_schema_based_sharding', 'off', true),
       format('create schema %I', $1)
