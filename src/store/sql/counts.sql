-- How many rows the company that was entered has in each of its tables; of those held, the ones that
-- nobody settled yet.
select 'bank_transactions' as table_name, count(*) from bank_transactions
union all select 'gls_borderouri', count(*) from gls_borderouri
union all select 'gls_borderou_parcels', count(*) from gls_borderou_parcels
union all select 'gls_parcels', count(*) from gls_parcels
union all select 'sameday_parcels', count(*) from sameday_parcels
union all select 'netopia_batches', count(*) from netopia_batches
union all select 'netopia_transactions', count(*) from netopia_transactions
union all select 'held_rows', count(*) from held_rows where resolved_at is null
union all select 'sync_logs', count(*) from sync_logs
union all select 'invoices', count(*) from invoices
union all select 'profit_transactions', count(*) from profit_transactions
union all select 'products', count(*) from products
union all select 'product_sales', count(*) from product_sales
union all select 'bonuri_procesate', count(*) from bonuri_procesate
