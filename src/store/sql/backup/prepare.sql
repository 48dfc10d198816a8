-- Sets for this transaction alone what a dump sets for its whole session: only qualified names are
-- found, functions are not checked before what they use is there, no rows are left out, nothing
-- times out. On a cluster the schema is given to a node only when all is in it: in a schema on a
-- node not all of pg_dump's statements are allowed.
select pg_catalog.set_config('search_path', '', true),
       pg_catalog.set_config('check_function_bodies', 'off', true),
       pg_catalog.set_config('row_security', 'off', true),
       pg_catalog.set_config('standard_conforming_strings', 'on', true),
       pg_catalog.set_config('citus.enable_schema_based_sharding', 'off', true),
       pg_catalog.set_config('xmloption', 'content', true),
       pg_catalog.set_config('client_min_messages', 'warning', true),
       pg_catalog.set_config('statement_timeout', '0', true),
       pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true)
