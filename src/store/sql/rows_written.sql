-- For each table that imports write: how many rows were inserted, less those deleted, by the
-- server's own accounts, which no trigger and no COPY deceives. They count this transaction, and
-- earlier transactions that the server has not reported yet. Zeros where the rows are on another
-- node.
select name, pg_catalog.pg_stat_get_xact_tuples_inserted(pg_catalog.to_regclass(name))
             - pg_catalog.pg_stat_get_xact_tuples_deleted(pg_catalog.to_regclass(name))
  from unnest(array['bank_transactions', 'bank_statements', 'gls_borderouri',
                    'gls_borderou_parcels', 'gls_parcels', 'netopia_batches',
                    'netopia_transactions', 'held_rows']) as name
