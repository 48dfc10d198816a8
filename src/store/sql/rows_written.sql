-- For each of the tables that imports write: how many rows were inserted, less those deleted, by the
-- server's own accounts, which no trigger and no COPY deceives. They count this transaction, and
-- earlier transactions that the server has not reported yet. Zeros where the rows are on another
-- node.
select name, pg_catalog.pg_stat_get_xact_tuples_inserted(pg_catalog.to_regclass(name))
             - pg_catalog.pg_stat_get_xact_tuples_deleted(pg_catalog.to_regclass(name))
  from unnest(array_append($1::text[], 'held_rows')) as name
