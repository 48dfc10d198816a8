-- What is to be known of a role before a company is given to it: whether there is one, whether it
-- is some company's own role, and which other companies it can use already, by its own rights or
-- another role's.
select to_regrole(quote_ident($2)) is not null,
       exists (select from public.companies where 'vama_' || schema_name = $2),
       array(select c.slug from public.companies c
               join pg_catalog.pg_namespace n on n.nspname = c.schema_name
              where c.schema_name <> $1 and to_regrole(quote_ident($2)) is not null
                and pg_catalog.has_schema_privilege(to_regrole(quote_ident($2)), n.oid, 'USAGE')
              order by c.slug)
