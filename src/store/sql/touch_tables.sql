-- Names every table that an import writes, and reads none of it: a lock that lets nobody read (alter
-- table takes one) is waited for here, where the user is told what is waited for. A lock that only
-- keeps writers out is waited for at the COPY.
select from bank_transactions where false
union all select from bank_statements where false
union all select from gls_borderouri where false
union all select from gls_borderou_parcels where false
union all select from gls_parcels where false
union all select from netopia_batches where false
union all select from netopia_transactions where false
union all select from courier_borderouri where false
union all select from courier_borderou_parcels where false
union all select from sameday_parcels where false
union all select from emag_documents where false
union all select from emag_lines where false
union all select from orders where false
union all select from order_states where false
union all select from invoices where false
union all select from invoice_states where false
union all select from products where false
union all select from product_sales where false
union all select from held_rows where false
