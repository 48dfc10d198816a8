-- How many rows this transaction, and what the server has not reported of the ones before it, put into
-- each table that imports write and did not delete again: the server's own accounts, which no
-- trigger and no COPY deceives. Zeros where the rows are on another node.
select name, pg_catalog.pg_stat_get_xact_tuples_inserted(pg_catalog.to_regclass(name))
             - pg_catalog.pg_stat_get_xact_tuples_deleted(pg_catalog.to_regclass(name))
  from unnest(array['bank_transactions', 'gls_borderouri', 'gls_borderou_parcels', 'gls_parcels',
                    'netopia_batches', 'netopia_transactions', 'held_rows']) as name
