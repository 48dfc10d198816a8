-- Whether the company that was entered was ever migrated.
select to_regclass('vama_migrations') is not null
