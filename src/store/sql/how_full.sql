-- How many bytes the rows have, which is 0 where they are on another node; and whether there is none.
-- Rows are looked for only then: before its first ANALYZE the planner takes a large table for a small
-- one and reads an index from end to end to find one row.
select size, case when size = 0 then not exists (select from bank_transactions) else false end
  from (select pg_catalog.pg_relation_size('bank_transactions') as size) as stored
