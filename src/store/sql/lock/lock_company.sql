-- Imports into one company go one after the other: what the first puts in, the second finds.
select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtextextended('vama import ' || $1, 0))
