-- The columns of row/order.rs, in its order.
copy product_sales (id, sale_hash, oblio_id, sku, product_name, quantity, unit_price, total, sale_date, import_id, source_line)
from stdin with (format binary)
