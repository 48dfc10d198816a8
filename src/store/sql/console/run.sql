-- Runs a statement that returns no rows; returns how many rows it touched.
select pg_temp.vama_run($1::pg_catalog.text)
