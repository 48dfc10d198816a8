-- What came in the place of other imports' settlements: by an accepted record, or by a settlement that
-- came in whole. Those do not come back by themselves.
select distinct resolution as what
  from held_rows
 where import_id = $1::uuid and resolution like 'accepted in the place of %'
union
select distinct 'it came in the place of #' || s.number
  from held_rows h join sync_logs s on s.id = h.import_id
 where h.resolved_by = $1::uuid and h.resolution = 'its settlement came in whole'
 order by 1
