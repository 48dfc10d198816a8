-- Whether this node is one that a cluster's coordinator gives tables to; asked only on a cluster.
select not pg_catalog.citus_is_coordinator()
