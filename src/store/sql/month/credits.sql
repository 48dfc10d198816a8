-- The credits of the month that begins on that day, the oldest first, each with what of it is tied, in the
-- order of store/month.rs. A transfer between own accounts is no income.
select t.transaction_hash::text, coalesce(lower(t.source), 'altul'),
       upper(replace(t.account_iban, ' ', '')), upper(coalesce(t.currency, '')), t.transaction_date::date,
       round(t.amount::numeric, 2), t.batch_id::text, t.op_reference::text,
       coalesce(t.details, '')::text, t.counterparty_name::text, coalesce(p.tied, 0),
       coalesce(p.pays_invoice, false)
  from bank_transactions t
  left join (select transaction_hash, round(sum(amount), 2) as tied,
                    bool_or(settlement_kind = 'invoice') as pays_invoice
               from settlement_payments
              group by transaction_hash) p on p.transaction_hash = t.transaction_hash::text collate "C"
 where t.transaction_date >= $1::date and t.transaction_date < ($1::date + interval '1 month')::date
   and t.amount > 0 and t.amount < 1e16 and not t.is_capital_transfer
   and t.transaction_hash is not null
 order by t.transaction_date, t.amount, t.transaction_hash
