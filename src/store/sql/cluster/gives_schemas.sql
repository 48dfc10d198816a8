-- Whether the cluster gives each new schema to a node; nothing where this is none.
select current_setting('citus.enable_schema_based_sharding', true)
