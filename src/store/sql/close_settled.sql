-- Closes what these imports settle: entries that were not booked yet, by a statement of their account
-- over their days; damaged entries, by the same statement come in whole. No `case kind when`: a cluster
-- passes it on as another expression.
update held_rows h
   set resolved_at = now(), resolution = 'came in with import #' || n.number, resolved_by = n.id
  from sync_logs s, sync_logs n
 where h.resolved_at is null and h.kind <> 'conflict' and s.id = h.import_id
   and n.id = any($1::uuid[]) and n.id <> s.id and n.sync_type = s.sync_type
   and n.details ->> 'opening' is not null and n.details -> 'accounts' = s.details -> 'accounts'
   and (h.kind = 'interim'
        and s.details -> 'period' ->> 'from' >= n.details -> 'period' ->> 'from'
        and s.details -> 'period' ->> 'to' <= n.details -> 'period' ->> 'to'
        or h.kind = 'malformed' and n.records_failed = 0
           and s.details ->> 'opening' = n.details ->> 'opening'
           and s.details ->> 'closing' = n.details ->> 'closing')
