-- The statement, quoted by the server, that writes a row of JSON into a table of the registry: into
-- the columns that both have, so that columns that only this registry has take their defaults; and
-- which columns of the row this registry does not have.
select format('insert into public.%I (%s) overriding system value'
              ' select %2$s from jsonb_populate_record(null::public.%1$I, $1::text::jsonb)',
              $1, string_agg(quote_ident(attname), ', ' order by attnum)),
       array(select key from jsonb_object_keys($2::text::jsonb) as key
              where key <> all(array_agg(attname::text)) order by key)
  from pg_catalog.pg_attribute
 where attrelid = format('public.%I', $1)::regclass and attnum > 0 and not attisdropped
   and attgenerated = '' and $2::text::jsonb ? attname
