-- All ties of the settlements, invoices and orders that a credit of the month that begins on that day
-- pays, in the order of store/month/bank.rs. An order is known by its number. Ties that wait for a row which
-- is gone count for nothing.
select p.settlement_kind::text, p.settlement_key::text, p.transaction_hash::text, round(p.amount::numeric, 2),
       t.transaction_date::date, t.op_reference::text, s.dated::date,
       coalesce(s.document::text,
                nullif(btrim(concat(i.series_name::text, i.invoice_number::text)), ''),
                'comanda ' || o.order_number::text)
  from settlement_payments p
  left join bank_transactions t on t.transaction_hash::text = p.transaction_hash collate "C"
  left join settlements s on s.kind = p.settlement_kind and s.key = p.settlement_key collate "C"
  left join invoices i on p.settlement_kind = 'invoice' and i.oblio_id::text = p.settlement_key collate "C"
  left join orders o on p.settlement_kind = 'order'
                    and o.channel::text || '|' || o.order_number::text = p.settlement_key collate "C"
 where p.amount <> 0 and p.settlement_kind not like 'waiting/%'
   and (p.settlement_kind, p.settlement_key) in (
           select m.settlement_kind, m.settlement_key
             from settlement_payments m
             join bank_transactions b on b.transaction_hash::text = m.transaction_hash collate "C"
            where m.amount <> 0 and b.transaction_date >= $1::date
              and b.transaction_date < ($1::date + interval '1 month')::date)
 order by p.settlement_kind, p.settlement_key, t.transaction_date, p.transaction_hash
