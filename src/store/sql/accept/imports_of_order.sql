-- The imports that tell of an order ($1 channel and number).
select distinct s.id::text, s.number
  from order_states o join sync_logs s on s.id = o.import_id
 where o.channel || '|' || o.order_number = $1
   and o.order_number = substr($1, position('|' in $1) + 1)
 order by s.number
