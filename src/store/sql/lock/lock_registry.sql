-- Changes of the registry's own tables go one after the other.
select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('vama registry', 0))
