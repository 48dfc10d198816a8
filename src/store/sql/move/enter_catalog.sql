-- Leaves every schema but the catalog's out of reach, for this transaction alone, so that the
-- server names tables with their schemas.
select pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true)
