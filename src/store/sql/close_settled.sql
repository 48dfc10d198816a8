-- Closes the held rows that statements settle: entries that were not booked yet, where a statement of an
-- import ($5) covers their day ($1 to $4: accounts, currencies, days from and to); damaged entries of
-- statements ($6) that another import ($7) has brought in whole. A row that an older vama held knows
-- no day: it has the account and the last day of its import.
with held as materialized (
    select h.id, h.kind, h.import_id, h.statement_id, h.currency,
           coalesce(h.account_iban, s.details #>> '{accounts,0}') as account,
           coalesce(h.value_date, (s.details #>> '{period,to}')::date) as day
      from held_rows h join sync_logs s on s.id = h.import_id
     where h.resolved_at is null and h.kind <> 'conflict'
), settled_by as (
    select held.id, by_import::uuid
      from held
      join unnest($1, $2, $3, $4, $5) as covered (account, currency, first, last, by_import)
        on held.account = covered.account
       and coalesce(held.currency, covered.currency) = covered.currency
       and held.day between first::date and last::date
     where held.kind = 'interim'
    union all
    select held.id, by_import::uuid
      from held
      join unnest($6, $7) as whole (statement_id, by_import)
        on held.statement_id = whole.statement_id::uuid and held.import_id <> by_import::uuid
     where held.kind = 'malformed'
), settled as materialized (
    select distinct on (settled_by.id) settled_by.id, by_import, n.number
      from settled_by join sync_logs n on n.id = by_import
     order by settled_by.id, n.number
)
update held_rows h
   set resolved_at = now(), resolution = 'its statement is in, #' || number, resolved_by = by_import
  from settled
 where settled.id = h.id
