-- Whether the cluster has nodes besides this one, to which it would connect as whoever works here.
select exists (select from pg_catalog.pg_dist_node where groupid <> 0 and isactive)
