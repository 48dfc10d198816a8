-- How many rows with these identifiers are in each table, where rows_written.sql does not tell: on
-- a cluster, or where a trigger of the platform kept a row out. No row of another transaction has
-- such an identifier.
select 'bank_transactions' as table_name, count(*) from bank_transactions where id between $1 and $2
union all select 'bank_statements', count(*) from bank_statements where id between $1 and $2
union all select 'gls_borderouri', count(*) from gls_borderouri where id between $1 and $2
union all
select 'gls_borderou_parcels', count(*) from gls_borderou_parcels where id between $1 and $2
union all select 'gls_parcels', count(*) from gls_parcels where id between $1 and $2
union all select 'netopia_batches', count(*) from netopia_batches where id between $1 and $2
union all
select 'netopia_transactions', count(*) from netopia_transactions where id between $1 and $2
union all select 'courier_borderouri', count(*) from courier_borderouri where id between $1 and $2
union all
select 'courier_borderou_parcels', count(*) from courier_borderou_parcels where id between $1 and $2
union all select 'sameday_parcels', count(*) from sameday_parcels where id between $1 and $2
union all select 'emag_documents', count(*) from emag_documents where id between $1 and $2
union all select 'emag_lines', count(*) from emag_lines where id between $1 and $2
union all select 'orders', count(*) from orders where id between $1 and $2
union all select 'order_states', count(*) from order_states where id between $1 and $2
union all select 'invoices', count(*) from invoices where id between $1 and $2
union all select 'invoice_states', count(*) from invoice_states where id between $1 and $2
union all select 'products', count(*) from products where id between $1 and $2
union all select 'product_sales', count(*) from product_sales where id between $1 and $2
union all select 'held_rows', count(*) from held_rows where id between $1 and $2
