-- How many rows of the import are in each table (of orders and invoices, how many it tells of), and how many
-- of these the platform has matched with the bank.
select 'bank_transactions' as name, count(*), 0::bigint as matched
  from bank_transactions where import_id = $1::uuid
union all
select 'bank_statements', count(*), 0
  from bank_statements where import_id = $1::uuid
union all
select 'gls_borderouri', count(*), count(*) filter (where op_matched)
  from gls_borderouri where import_id = $1::uuid
union all
select 'gls_borderou_parcels', count(*), 0
  from gls_borderou_parcels where import_id = $1::uuid
union all
select 'gls_parcels', count(*), 0
  from gls_parcels where import_id = $1::uuid
union all
select 'netopia_batches', count(*), count(*) filter (where op_matched)
  from netopia_batches where import_id = $1::uuid
union all
select 'netopia_transactions', count(*), 0
  from netopia_transactions where import_id = $1::uuid
union all
select 'courier_borderouri', count(*), count(*) filter (where op_matched)
  from courier_borderouri where import_id = $1::uuid
union all
select 'courier_borderou_parcels', count(*), 0
  from courier_borderou_parcels where import_id = $1::uuid
union all
select 'sameday_parcels', count(*), 0
  from sameday_parcels where import_id = $1::uuid
union all
select 'emag_documents', count(*), 0
  from emag_documents where import_id = $1::uuid
union all
select 'emag_lines', count(*), 0
  from emag_lines where import_id = $1::uuid
union all
select 'orders', count(distinct (channel, order_number)), 0
  from order_states where import_id = $1::uuid
union all
select 'invoices', count(distinct invoice_key), 0
  from invoice_states where import_id = $1::uuid
union all
select 'products', count(*), 0
  from products where import_id = $1::uuid
union all
select 'product_sales', count(*), 0
  from product_sales where import_id = $1::uuid
union all
select 'held_rows', count(*), 0
  from held_rows where import_id = $1::uuid
