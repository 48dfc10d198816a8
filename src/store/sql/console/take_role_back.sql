-- Gives up the company's role, for the rest of this transaction.
select pg_catalog.set_config('role', $1, true)
