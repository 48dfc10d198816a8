-- How many bytes the rows have, which is 0 where they are on another node; and whether there is none.
select pg_catalog.pg_relation_size('bank_transactions'), not exists (select from bank_transactions)
