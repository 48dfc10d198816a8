-- The columns of row/borderou.rs, in its order.
copy courier_borderou_parcels (id, parcel_hash, borderou_id, awb_number, reference, cod_reference,
                               delivery_date, cod_amount, currency, recipient_name,
                               recipient_address, import_id, source_line)
from stdin with (format binary)
