-- Sets how long a statement of this transaction waits for a lock, and, where the server's own
-- setting is not to count, how long it may take. The last value comes back as it was sent: where
-- another value comes, it is the answer to an earlier statement.
select pg_catalog.set_config('lock_timeout', $1, true),
       case when $2::text is not null then pg_catalog.set_config('statement_timeout', $2, true) end,
       $3::bigint
