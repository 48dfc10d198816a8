-- The statements that take the rows of an import out of the tables, rows that point to others first.
select format('delete from %I where import_id = %L', name, $1::uuid)
  from unnest(array['bank_transactions', 'bank_statements', 'gls_borderou_parcels',
                    'gls_borderouri', 'gls_parcels', 'netopia_transactions', 'netopia_batches',
                    'held_rows'])
       with ordinality as it (name, place)
 order by place
