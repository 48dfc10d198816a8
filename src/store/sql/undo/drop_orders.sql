-- Takes out the orders that the import alone told of.
delete from orders o
 where import_id = $1::uuid
   and not exists (select from order_states s
                    where s.order_number = o.order_number and s.channel = o.channel)
