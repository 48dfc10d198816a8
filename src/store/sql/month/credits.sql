-- The credits of the month that begins on that day, the oldest first, each with what of it is tied, in the
-- order of store/month.rs. A transfer between own accounts is no income.
select t.transaction_hash, coalesce(lower(t.source), 'altul'), upper(replace(t.account_iban, ' ', '')),
       upper(t.currency), t.transaction_date, t.amount, t.batch_id, t.op_reference,
       coalesce(t.details, ''), t.counterparty_name, coalesce(sum(p.amount), 0),
       coalesce(bool_or(p.settlement_kind = 'invoice'), false)
  from bank_transactions t
  left join settlement_payments p on p.transaction_hash = t.transaction_hash
 where t.transaction_date >= $1::date and t.transaction_date < ($1::date + interval '1 month')::date
   and t.amount > 0 and t.amount < 1e16 and not t.is_capital_transfer
 group by t.id
 order by t.transaction_date, t.amount, t.transaction_hash
