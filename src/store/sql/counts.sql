-- How many rows the company that was entered has in each table that imports write.
select 'bank_transactions' as table_name, count(*) from bank_transactions
union all select 'gls_borderouri', count(*) from gls_borderouri
union all select 'gls_borderou_parcels', count(*) from gls_borderou_parcels
union all select 'gls_parcels', count(*) from gls_parcels
union all select 'netopia_batches', count(*) from netopia_batches
union all select 'netopia_transactions', count(*) from netopia_transactions
union all select 'held_rows', count(*) from held_rows where resolved_at is null
