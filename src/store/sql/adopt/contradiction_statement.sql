-- The statement that counts what contradicts a demand, quoted by the server: rows without a value,
-- or keys that several rows have; null for other demands.
--   $1 schema, $2 table, $3 what is demanded, $4 column, $5 definition
select case
       when $3 = 'not null' then
           format('select count(*) from %I.%I where %I is null', $1, $2, $4)
       when $3 = 'key' and $5 like 'UNIQUE (%' then
           format('select count(*) from (select from %I.%I group by %s having count(*) > 1) as twice',
                  $1, $2, substring($5 from '^UNIQUE \((.*)\)$'))
       end
