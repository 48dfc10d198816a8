-- The newest migration of the schema that was entered.
select coalesce(max(version), 0) from vama_migrations
