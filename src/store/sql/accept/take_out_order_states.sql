-- Takes out what imports said of an order ($1 channel and number).
delete from order_states
 where channel || '|' || order_number = $1 and order_number = substr($1, position('|' in $1) + 1)
