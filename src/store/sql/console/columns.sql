-- The columns of a query that has no rows, as one row of nulls. The join is never true, so the
-- query does not run again. The line break is there since the query may end in a comment.
select pg_temp.vama_rows(pg_catalog.concat(
    'select t.* from (select 1) as one left join (', $1::pg_catalog.text,
    E'\n) as t on false'))
