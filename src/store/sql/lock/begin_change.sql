-- For a transaction that changes the registry, or more of a company than its rows. Whoever may see some rows
-- only is told so by an error, instead of changing none. On a cluster the tables of one transaction are made
-- one after the other, over one connection a node, as roles demand it.
select pg_catalog.set_config('row_security', 'off', true),
       pg_catalog.set_config('citus.multi_shard_modify_mode', 'sequential', true)
