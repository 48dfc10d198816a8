-- How long a statement of this transaction waits for a lock that another one holds.
select pg_catalog.set_config('lock_timeout', $1, true)
