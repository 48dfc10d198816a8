-- The newest migration of the registry.
select coalesce(max(version), 0) from public.vama_migrations where success
