-- How many bytes the rows have, about; 0 where they are on another node.
select pg_catalog.pg_relation_size('bank_transactions')
