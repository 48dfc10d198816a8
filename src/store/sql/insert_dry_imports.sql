-- Writes the log rows of a dry run, to which held rows point until all is rolled back. Their numbers
-- are their own, so that the dry run uses none of the company's.
insert into sync_logs (id, number, sync_type, status)
select id, -place, 'dry run', 'running'
  from unnest($1::uuid[]) with ordinality as file (id, place)
