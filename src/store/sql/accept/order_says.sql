-- Whether an order ($1 channel and number) has that total.
select exists (select from orders
                where channel || '|' || order_number = $1
                  and order_number = substr($1, position('|' in $1) + 1) and total = $2::numeric)
