-- The newest migration of the company that was entered.
select coalesce(max(version), 0) from vama_migrations where success
