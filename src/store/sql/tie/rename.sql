-- Ties by hand begin or end to wait: the kind of their settlement says so. Who tied them, and when, stays.
update settlement_payments p
   set settlement_kind = it.new_kind
  from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as it (kind, new_kind, key, credit)
 where p.settlement_kind = it.kind and p.settlement_key = it.key and p.transaction_hash = it.credit
