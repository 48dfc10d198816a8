-- Enters the registry for this transaction alone. Temporary tables, which somebody else may have left on
-- a pooled connection, come last: left out of the path they would come first.
select pg_catalog.set_config('search_path', 'public, pg_catalog, pg_temp', true)
