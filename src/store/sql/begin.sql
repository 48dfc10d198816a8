-- How long a statement of this transaction waits for a lock that another one holds, and how long it may
-- take where not the server's setting counts. The last value comes back as it was sent: another one
-- belongs to a statement before.
select pg_catalog.set_config('lock_timeout', $1, true),
       case when $2::text is not null then pg_catalog.set_config('statement_timeout', $2, true) end,
       $3::bigint
