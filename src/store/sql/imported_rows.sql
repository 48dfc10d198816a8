-- How many rows of this import are in each table: counted, not believed, since what a COPY says it
-- wrote differs on a cluster and a trigger of the platform may have kept a row out.
select 'bank_transactions' as table_name, count(*) from bank_transactions where import_id = $1
union all select 'gls_borderouri', count(*) from gls_borderouri where import_id = $1
union all
select 'gls_borderou_parcels', count(*) from gls_borderou_parcels where import_id = $1
union all select 'gls_parcels', count(*) from gls_parcels where import_id = $1
union all select 'netopia_batches', count(*) from netopia_batches where import_id = $1
union all
select 'netopia_transactions', count(*) from netopia_transactions where import_id = $1
union all select 'held_rows', count(*) from held_rows where import_id = $1
