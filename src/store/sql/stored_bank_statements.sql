-- The rows stored under these keys. All that a statement says is in its key.
select statement_hash::text as key, id, json_build_array() as firm, json_build_array() as wording
  from bank_statements
 where statement_hash = any($1)
