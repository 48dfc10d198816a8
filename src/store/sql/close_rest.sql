-- Closes damaged entries of a statement by the rest of it, come in whole with these imports: a statement
-- that opens with the balance where the stored entries of the first one end, and closes as that one
-- does. `vama held export` writes such statements.
with parts as materialized (
    select s.id, s.account_iban, s.closing_date, s.closing_balance, s.opening_balance, s.import_id
      from bank_statements s
     where s.id in (select statement_id from held_rows
                     where resolved_at is null and kind = 'malformed' and statement_id is not null)
), settled as materialized (
    select p.id, n.number, n.id as by_import
      from parts p
      join bank_statements r
        on r.import_id = any($1::uuid[]) and r.id <> p.id
       and r.account_iban = p.account_iban and r.closing_date = p.closing_date
       and r.closing_balance = p.closing_balance
      join sync_logs n
        on n.id = r.import_id and n.records_failed = 0 and n.details -> 'accepted_unbalanced' = '[]'
     where r.opening_balance = p.opening_balance
           + (select coalesce(sum(amount), 0) from bank_transactions where statement_id = p.id)
)
update held_rows h
   set resolved_at = now(), resolution = 'the rest of its statement is in, #' || number,
       resolved_by = by_import
  from settled
 where h.statement_id = settled.id and h.kind = 'malformed' and h.resolved_at is null
