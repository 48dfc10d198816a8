-- A company's row under another slug, and, for a copy beside the original, with an identifier of
-- its own and without what only one company can have.
select (row || jsonb_build_object('slug', $2, 'schema_name', $3)
            || case when $4::uuid is null then '{}'
                    else jsonb_build_object('id', $4::uuid, 'cif', null, 'settings',
                             jsonb_set(coalesce(row -> 'settings', '{}'), '{accounts}', '[]'))
               end)::text
  from (select $1::text::jsonb as row) as it
