-- For this transaction alone: no statement is compiled before it runs, which takes longer than the month.
select pg_catalog.set_config('jit', 'off', true)
