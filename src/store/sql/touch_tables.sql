-- Names every table that an import writes, and reads none of it: a lock on one of them is waited for
-- here, where the user is told what is waited for.
select from bank_transactions where false
union all select from gls_borderouri where false
union all select from gls_borderou_parcels where false
union all select from gls_parcels where false
union all select from netopia_batches where false
union all select from netopia_transactions where false
union all select from held_rows where false
