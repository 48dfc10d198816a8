-- The imports that tell of an invoice ($1 series and number as row/key.rs writes them).
select distinct s.id::text, s.number
  from invoice_states i join sync_logs s on s.id = i.import_id
 where i.invoice_key = $1
 order by s.number
