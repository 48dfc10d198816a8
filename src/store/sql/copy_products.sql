-- The columns of row/order.rs, in its order.
copy products (id, sku, name, purchase_price, import_id, source_line)
from stdin with (format binary)
