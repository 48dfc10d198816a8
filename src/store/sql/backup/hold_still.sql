-- This transaction keeps its locks and waits while pg_dump works beside it, however long that
-- takes.
select pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true)
