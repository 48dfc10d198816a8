-- Enters the registry for this transaction alone.
select pg_catalog.set_config('search_path', 'public, pg_catalog', true)
