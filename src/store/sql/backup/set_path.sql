-- Enters a schema for this transaction alone, whether its company is active or not.
select pg_catalog.set_config('search_path', quote_ident($1) || ', pg_catalog', true)
