-- The statements that take the rows of an import out of the tables that imports write, which come with
-- heads before the rows that point to them: those rows go first.
select format('delete from %I where import_id = %L', name, $1::uuid)
  from unnest(array_append($2::text[], 'held_rows')) with ordinality as it (name, place)
 order by place desc
