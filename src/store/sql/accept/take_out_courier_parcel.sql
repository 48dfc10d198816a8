-- Takes a stored parcel out of its borderou.
delete from courier_borderou_parcels where parcel_hash = $1
