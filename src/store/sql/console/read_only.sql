-- Lets this transaction only read; the server does not take that back once a query has run.
select pg_catalog.set_config('transaction_read_only', 'on', true)
