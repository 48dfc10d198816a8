-- The ties that count and go with the import, since their credit, settlement or bill is of it. A rule's tie
-- to a payout goes with each of its documents, one by hand only with the last list of orders. An invoice or
-- order of which another import states something stays.
with gone as (
    select 'gls' as kind, borderou_hash::text as key from gls_borderouri where import_id = $1::uuid
    union all
    select courier, borderou_hash::text from courier_borderouri where import_id = $1::uuid
    union all
    select 'netopia', batch_id::text from netopia_batches where import_id = $1::uuid
    union all
    select 'invoice', i.oblio_id::text
      from invoices i
     where i.import_id = $1::uuid
       and not exists (select from invoice_states s
                        where s.invoice_key = upper(btrim(coalesce(i.series_name::text, '')) collate "C") || '|'
                                              || ltrim(i.invoice_number::text, '0')
                          and s.import_id is distinct from $1::uuid)
    union all
    select 'order', o.channel::text || '|' || o.order_number::text
      from orders o
     where o.import_id = $1::uuid
       and not exists (select from order_states s
                        where s.channel = o.channel and s.order_number = o.order_number
                          and s.import_id is distinct from $1::uuid)
), payouts as (
    select seller_id || '|' || to_char(made_on, 'YYYY-MM-DD') as key,
           bool_and(kind <> 'dp' or coalesce(import_id = $1::uuid, false)) as is_gone
      from emag_documents
     group by seller_id, made_on
    having bool_or(import_id = $1::uuid)
)
select p.settlement_kind, p.settlement_key, p.transaction_hash, p.amount, p.rule
  from settlement_payments p
 where p.settlement_kind not like 'waiting/%'
   and (p.transaction_hash in (select transaction_hash::text collate "C" from bank_transactions
                                where import_id = $1::uuid)
        or exists (select from gone
                    where gone.kind = p.settlement_kind and gone.key collate "C" = p.settlement_key)
        or p.settlement_kind = 'emag'
           and exists (select from payouts
                        where payouts.key collate "C" = p.settlement_key
                          and (payouts.is_gone or p.rule <> 'by_hand')))
 order by p.settlement_kind, p.settlement_key, p.transaction_hash
