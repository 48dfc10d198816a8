-- How many bytes the table has on the node that its rows are on; null where it is no table of the
-- cluster's. A statement of its own: the cluster allows no other query beside it.
select case when exists (select from pg_catalog.pg_dist_partition
                          where logicalrelid = 'bank_transactions'::regclass)
            then pg_catalog.citus_relation_size('bank_transactions') end
