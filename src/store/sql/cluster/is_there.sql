-- Whether this database is one of a Citus cluster, asked without naming a table that may be
-- missing.
select to_regclass('pg_catalog.pg_dist_node') is not null
