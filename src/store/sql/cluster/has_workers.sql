-- Whether the cluster has nodes besides this one, to which it connects under the role that works
-- here.
select exists (select from pg_catalog.pg_dist_node where groupid <> 0 and isactive)
