-- How many bytes the table has, null where its rows are on another node, since this node then does
-- not know; whether the table is empty; and whether the cluster can be asked how_full_there.sql. Rows
-- are looked for only where there are no bytes: before the first ANALYZE the planner takes a large
-- table for a small one and reads an index from end to end.
select nullif(size, 0), case when size = 0 then not exists (select from bank_transactions)
                             else false end,
       to_regclass('pg_catalog.pg_dist_partition') is not null
  from (select pg_catalog.pg_relation_size('bank_transactions') as size) as stored
