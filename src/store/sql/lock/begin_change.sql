-- For a transaction that changes the registry, or more of a company than its rows. A user from whom
-- row-level security hides rows gets an error, instead of changing no row. On a cluster the tables
-- of one transaction are made one after the other, over one connection a node, since roles demand
-- it.
select pg_catalog.set_config('row_security', 'off', true),
       pg_catalog.set_config('citus.multi_shard_modify_mode', 'sequential', true)
