-- The credits of the month that begins on that day, and those near it as in settlements.sql, the oldest first,
-- each with what of it is tied and the invoices that it pays, in the order of store/month.rs. A transfer
-- between own accounts is no income.
select t.transaction_hash::text, coalesce(lower(t.source), 'altul'),
       upper(replace(t.account_iban, ' ', '')), upper(coalesce(t.currency, '')), t.transaction_date::date,
       round(t.amount::numeric, 2), t.batch_id::text, t.op_reference::text,
       coalesce(t.details, '')::text, t.counterparty_name::text, coalesce(p.tied, 0), p.pays
  from bank_transactions t
  left join (select p.transaction_hash, round(sum(p.amount), 2) as tied,
                    string_agg(case when p.settlement_kind = 'invoice'
                                    then coalesce(nullif(concat_ws(' ', i.series_name, i.invoice_number), ''),
                                                  p.settlement_key) end, ', ' order by p.settlement_key) as pays
               from settlement_payments p
               left join invoices i on p.settlement_kind = 'invoice' and i.oblio_id = p.settlement_key
              where p.settlement_kind not like 'waiting/%'
              group by p.transaction_hash) p on p.transaction_hash = t.transaction_hash::text collate "C"
 where t.transaction_date >= $1::date - 11
   and t.transaction_date < ($1::date + interval '1 month')::date + 11
   and t.amount > 0 and t.amount < 1e16 and not t.is_capital_transfer
   and t.transaction_hash is not null
 order by t.transaction_date, t.amount, t.transaction_hash
