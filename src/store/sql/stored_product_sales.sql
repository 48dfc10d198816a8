-- Which sales are there already. They are left as they are, whatever they say, so nothing of them is
-- compared.
select sale_hash::text as key, id, json_build_array() as firm, json_build_array() as wording
  from product_sales
 where sale_hash::text = any($1)
