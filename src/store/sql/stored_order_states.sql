-- Which states are there already. They are left as they are, whatever they say, so nothing of them is
-- compared.
select state_hash as key, id, json_build_array() as firm, json_build_array() as wording
  from order_states
 where state_hash = any($1)
