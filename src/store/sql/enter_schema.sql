-- Makes a schema the only one in reach, for this transaction alone.
select pg_catalog.set_config('search_path', quote_ident($1) || ', pg_catalog, pg_temp', true)
