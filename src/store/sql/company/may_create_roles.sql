-- Whether this user may create roles, and whether the company's role is there already.
select (select rolsuper or rolcreaterole from pg_catalog.pg_roles where rolname = current_user),
       exists (select from pg_catalog.pg_roles where rolname = 'vama_' || $1)
