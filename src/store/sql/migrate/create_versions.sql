-- The table that says which migrations have run in the schema that was entered.
create table if not exists vama_migrations (
    version      bigint primary key,
    description  text not null,
    checksum     bytea not null,
    installed_on timestamptz not null default now()
)
