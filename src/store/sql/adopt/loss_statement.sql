-- The statement that counts the rows whose value would not be the same as another type, quoted by the
-- server: there and back again must end where it began.
--   $1 schema, $2 table, $3 column, $4 the new type, $5 the old one
select format('select count(*) from %I.%I where %I::%s::%s is distinct from %I',
              $1, $2, $3, $4, $5, $3)
