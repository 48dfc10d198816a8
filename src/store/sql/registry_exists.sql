-- Whether this database has a registry at all, asked without naming a table that may be missing.
select to_regclass('public.companies') is not null and to_regclass('public.vama_migrations') is not null
