-- Sets, for this transaction, how long a statement waits for a lock, how long it may take where the
-- server's own setting is not to count, and how long the server waits for the next statement, so
-- that a client that has vanished gives its locks back. Dates and moments are written in one form.
-- The first value comes back as it was sent: where another value comes, it is the answer to an
-- earlier statement.
select $1::bigint,
       pg_catalog.set_config('lock_timeout', $2, true),
       case when $3::text is not null then pg_catalog.set_config('statement_timeout', $3, true) end,
       case when $4::text is not null
            then pg_catalog.set_config('idle_in_transaction_session_timeout', $4, true) end,
       pg_catalog.set_config('datestyle', 'ISO, MDY', true),
       pg_catalog.set_config('timezone', 'UTC', true)
