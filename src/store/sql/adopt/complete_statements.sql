-- The statement that makes one change to a table, so that it becomes what the migrations make,
-- quoted by the server. Definitions and types are not quoted: they are the server's own words, out
-- of its catalog.
--   $1 schema, $2 table, $3 what is to be done, $4 column, $5 definition,
--   $6 the type without collation
select case $3
       when 'add column' then format('alter table %I.%I add column %I %s', $1, $2, $4, $5)
       when 'type' then format('alter table %I.%I alter column %I type %s using %I::%s',
                               $1, $2, $4, $5, $4, $6)
       when 'fill' then format('alter table %I.%I alter column %I %s', $1, $2, $4, $5)
       when 'number on' then format('select setval(pg_get_serial_sequence(%L, %L), max(%I)) from %I.%I'
                                    ' having max(%I) is not null',
                                    format('%I.%I', $1, $2), $4, $4, $1, $2, $4)
       when 'not null' then format('alter table %I.%I alter column %I set not null', $1, $2, $4)
       when 'null' then format('alter table %I.%I alter column %I drop not null', $1, $2, $4)
       when 'key' then format('alter table %I.%I add %s', $1, $2, $5)
       when 'index' then format('create index on %I.%I using %s', $1, $2, $5)
       when 'unique index' then format('create unique index on %I.%I using %s', $1, $2, $5)
       end
