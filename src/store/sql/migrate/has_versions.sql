-- Whether the schema that was entered was ever migrated, asked without naming a table that may be
-- missing.
select to_regclass('vama_migrations') is not null
