-- Keeps the server from compiling the statements of this transaction: they look expensive to it, and compiling
-- them takes several times as long as running them (9 s of 11 s for 8,192 invoices).
select pg_catalog.set_config('jit', 'off', true)
