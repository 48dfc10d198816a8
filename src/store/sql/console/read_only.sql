-- Lets this transaction only read; once a query has run, the server does not let this be undone.
select pg_catalog.set_config('transaction_read_only', 'on', true)
