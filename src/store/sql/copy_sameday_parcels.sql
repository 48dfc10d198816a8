-- The columns of row/couriers.rs, in its order.
copy sameday_parcels (id, awb_number, cod_amount, cod_currency, is_delivered, delivery_date, county,
                      sync_month, source, import_id, source_line)
from stdin with (format binary)
