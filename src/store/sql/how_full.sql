-- How many bytes the rows have; nothing where they are on another node, since then nobody here knows;
-- and whether there is none. Rows are looked for only where there are no bytes: before its first
-- ANALYZE the planner takes a large table for a small one and reads an index from end to end.
select nullif(size, 0), case when size = 0 then not exists (select from bank_transactions)
                             else false end
  from (select pg_catalog.pg_relation_size('bank_transactions') as size) as stored
