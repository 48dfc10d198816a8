-- Ties of such a row become ties of the platform's.
update settlement_payments p
   set settlement_key = joined.theirs
  from joined
 where p.settlement_kind = 'invoice' and p.settlement_key = joined.ours
   and not exists (select from settlement_payments q
                    where q.settlement_kind = 'invoice' and q.settlement_key = joined.theirs
                      and q.transaction_hash = p.transaction_hash)
