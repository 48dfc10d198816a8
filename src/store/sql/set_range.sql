-- The range of keys that copy_stored_between.sql reads, for this transaction alone: a COPY takes no
-- parameters.
select pg_catalog.set_config('vama.first_key', $1, true),
       pg_catalog.set_config('vama.last_key', $2, true)
