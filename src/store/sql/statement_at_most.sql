-- How long a statement of this transaction may take. On a cluster only this bounds a wait for a lock
-- that is held on another node.
select pg_catalog.set_config('statement_timeout', $1, true)
