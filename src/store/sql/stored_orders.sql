-- Which orders are there already. They are left as they are, whatever they say, so nothing of them is
-- compared.
select channel || '|' || order_number as key, id, json_build_array() as firm, json_build_array() as wording
  from orders
 where channel || '|' || order_number = any($1)
