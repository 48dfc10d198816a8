-- Changes of the registry's own tables go one after the other. On a cluster the tables of one
-- transaction are then made one after the other too, over one connection a node, as roles demand it.
select pg_catalog.set_config('citus.multi_shard_modify_mode', 'sequential', true),
       pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('vama registry', 0))
