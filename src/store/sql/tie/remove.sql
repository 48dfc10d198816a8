-- Takes out ties: of each its settlement's kind and key, and its credit.
delete from settlement_payments p
 using unnest($1::text[], $2::text[], $3::text[]) as it (kind, key, credit)
 where p.settlement_kind = it.kind and p.settlement_key = it.key and p.transaction_hash = it.credit
