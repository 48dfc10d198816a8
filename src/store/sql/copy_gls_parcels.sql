-- The columns of row/borderou.rs, in its order.
copy gls_parcels (id, parcel_number, cod_amount, cod_currency, cod_reference, client_reference,
                  recipient_name, recipient_city, is_delivered, delivery_date, sync_month, source,
                  import_id, source_line)
from stdin with (format binary)
