-- Runs a statement that returns rows, each as one JSON object.
select pg_temp.vama_rows($1::pg_catalog.text)
