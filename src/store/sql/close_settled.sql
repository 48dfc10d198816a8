-- Closes what these imports settle, each come in whole: entries that were not booked yet, by a
-- statement of their account over their days; damaged entries, by the same statement. The few imports
-- with open rows come first, so that no import is compared row by row.
with open as materialized (
    select distinct import_id from held_rows where resolved_at is null and kind <> 'conflict'
), settled as materialized (
    select s.id, max(n.number) as number, (max(n.id::text))::uuid as by_import,
           bool_or(s.details ->> 'opening' = n.details ->> 'opening'
                   and s.details ->> 'closing' = n.details ->> 'closing') as is_same
      from open
      join sync_logs s on s.id = open.import_id
      join sync_logs n on n.id = any($1::uuid[]) and n.id <> s.id and n.sync_type = s.sync_type
     where n.records_failed = 0 and n.details ->> 'opening' is not null
       and n.details -> 'accepted_unbalanced' = '[]' and n.details -> 'accounts' = s.details -> 'accounts'
       and s.details -> 'period' ->> 'from' >= n.details -> 'period' ->> 'from'
       and s.details -> 'period' ->> 'to' <= n.details -> 'period' ->> 'to'
     group by s.id
)
update held_rows h
   set resolved_at = now(), resolution = 'a statement over its days is in, #' || number,
       resolved_by = by_import
  from settled
 where settled.id = h.import_id and h.resolved_at is null
   and (h.kind = 'interim' or h.kind = 'malformed' and is_same)
