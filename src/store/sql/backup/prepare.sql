-- What a dump sets for its whole session, for this transaction alone: no names but qualified ones, no
-- functions checked before what they use is there, no rows left out, no time-out.
select pg_catalog.set_config('search_path', '', true),
       pg_catalog.set_config('check_function_bodies', 'off', true),
       pg_catalog.set_config('row_security', 'off', true),
       pg_catalog.set_config('standard_conforming_strings', 'on', true),
       pg_catalog.set_config('xmloption', 'content', true),
       pg_catalog.set_config('client_min_messages', 'warning', true),
       pg_catalog.set_config('statement_timeout', '0', true),
       pg_catalog.set_config('idle_in_transaction_session_timeout', '0', true)
