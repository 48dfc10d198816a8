-- Enters the registry for this transaction alone. Temporary tables, which somebody else may have
-- left on a pooled connection, come last in the path: where the path does not name them, they come
-- first.
select pg_catalog.set_config('search_path', 'public, pg_catalog, pg_temp', true)
