-- Puts in ties, each with an identifier of ours: a cluster would have to make its own on one node.
-- Who ties by hand is known to the server by the name that they signed in with.
insert into settlement_payments (id, settlement_kind, settlement_key, transaction_hash, amount, rule,
                                 tied_by)
select id::uuid, kind, key, credit, amount::numeric, rule,
       case when rule = 'by_hand' then session_user::text end
  from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
       as it (id, kind, key, credit, amount, rule)
on conflict (settlement_kind, settlement_key, transaction_hash) do nothing
