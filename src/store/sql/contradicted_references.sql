-- An entry of these imports whose reference is stored with another amount, on the same day and account.
-- An account in the place of a reference names no entry.
select n.source_line, s.amount::text as stored, n.amount::text as found, l.number as import
  from bank_transactions n
  join bank_transactions s
    on s.transaction_date = n.transaction_date and s.op_reference = n.op_reference
  left join sync_logs l on l.id = s.import_id
 where n.import_id = any($1::uuid[]) and s.import_id is distinct from n.import_id
   and s.amount <> n.amount and n.op_reference <> n.account_iban
   and upper(n.op_reference) not in ('NONREF', 'NOTPROVIDED', 'NOREF')
   and coalesce(s.account_iban = n.account_iban, true)
   and not exists (select from bank_transactions o
                    where o.import_id = n.import_id and o.transaction_date = s.transaction_date
                      and o.op_reference = s.op_reference and o.amount = s.amount)
 order by n.source_line
 limit 1
