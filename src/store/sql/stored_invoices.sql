-- Which invoices are there already. They are left as they are, whatever they say, so nothing of them is
-- compared.
select oblio_id::text as key, id, json_build_array() as firm, json_build_array() as wording
  from invoices
 where oblio_id::text = any($1)
