-- How long a statement of this transaction may take. On a cluster only this bounds a wait for a lock
-- that is held on another node. There tables are made one after the other, as roles demand it.
select pg_catalog.set_config('statement_timeout', $1, true),
       pg_catalog.set_config('citus.multi_shard_modify_mode', 'sequential', true)
