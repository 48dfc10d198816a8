-- Takes a stored parcel out of its borderou.
delete from gls_borderou_parcels where parcel_hash = $1
