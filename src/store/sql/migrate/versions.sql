-- The migrations of the schema that was entered that have run.
select version, checksum from vama_migrations order by version
