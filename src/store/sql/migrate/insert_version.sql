-- Notes that a migration has run.
insert into vama_migrations (version, description, checksum) values ($1, $2, $3)
