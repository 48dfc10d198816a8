-- The ties that are stored, those that wait too; and whether a tie's settlement is an invoice or an order
-- that is there.
select p.settlement_kind, p.settlement_key, p.transaction_hash, p.amount, p.rule,
       p.settlement_kind in ('invoice', 'waiting/invoice')
       and exists (select from invoices i where i.oblio_id::text collate "C" = p.settlement_key)
       or p.settlement_kind in ('order', 'waiting/order')
       and exists (select from orders o
                    where (o.channel::text || '|' || o.order_number::text) collate "C" = p.settlement_key)
  from settlement_payments p
