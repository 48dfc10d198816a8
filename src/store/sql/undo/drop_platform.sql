-- Takes out what is kept of the platform where no import tells of the invoice any more: its row is again what
-- the platform wrote. $1 series and number as row/key.rs writes them.
with told as materialized (
    select distinct invoice_key from invoice_states
     where invoice_key = any($1::text[]) and import_id is not null
)
delete from invoice_states
 where invoice_key = any($1::text[]) and import_id is null
   and invoice_key not in (select invoice_key from told)
