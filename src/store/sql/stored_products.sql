-- Which products are there already. They are left as they are, whatever they say, so nothing of them is
-- compared.
select sku::text as key, id, json_build_array() as firm, json_build_array() as wording
  from products
 where sku::text = any($1)
