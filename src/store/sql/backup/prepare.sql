-- What a dump sets for its whole session, for this transaction alone: no names but qualified ones, no
-- functions checked before what they use is there, no rows left out, no time-out. On a cluster the schema
-- is given to a node when all is in it: there pg_dump's statements would not all be taken.
select pg_catalog.set_config('search_path', '', true),
       pg_catalog.set_config('check_function_bodies', 'off', true),
       pg_catalog.set_config('row_security', 'off', true),
       pg_catalog.set_config('standard_conforming_strings', 'on', true),
       pg_catalog.set_config('citus.enable_schema_based_sharding', 'off', true),
       pg_catalog.set_config('xmloption', 'content', true),
       pg_catalog.set_config('client_min_messages', 'warning', true),
       pg_catalog.set_config('statement_timeout', '0', true),
       pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true)
