-- Whether the cluster gives each new schema to a node; null where this is no cluster.
select current_setting('citus.enable_schema_based_sharding', true)
