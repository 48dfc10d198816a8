-- The role under which this connection works.
select pg_catalog.current_setting('role')
