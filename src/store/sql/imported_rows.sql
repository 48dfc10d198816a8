-- How many rows of these imports are in each table: counted, not believed, since what a COPY says it
-- wrote differs on a cluster and a trigger of the platform may have kept a row out. Their identifiers
-- are time-ordered, so that those of this transaction are found without looking at any others.
select 'bank_transactions' as table_name, import_id, count(*)
  from bank_transactions where id between $2 and $3 and import_id = any($1) group by import_id
union all
select 'gls_borderouri', import_id, count(*)
  from gls_borderouri where id between $2 and $3 and import_id = any($1) group by import_id
union all
select 'gls_borderou_parcels', import_id, count(*)
  from gls_borderou_parcels where id between $2 and $3 and import_id = any($1) group by import_id
union all
select 'gls_parcels', import_id, count(*)
  from gls_parcels where id between $2 and $3 and import_id = any($1) group by import_id
union all
select 'netopia_batches', import_id, count(*)
  from netopia_batches where id between $2 and $3 and import_id = any($1) group by import_id
union all
select 'netopia_transactions', import_id, count(*)
  from netopia_transactions where id between $2 and $3 and import_id = any($1) group by import_id
union all
select 'held_rows', import_id, count(*)
  from held_rows where id between $2 and $3 and import_id = any($1) group by import_id
