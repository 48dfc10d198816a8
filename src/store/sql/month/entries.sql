-- The entries of the month that begins on that day, account by account, in the order of their statements
-- and of store/month/bank.rs.
select t.transaction_hash::text, upper(replace(t.account_iban::text, ' ', '')), t.transaction_date::date,
       t.booking_date::date, round(t.amount::numeric, 2), upper(coalesce(t.currency::text, '')),
       t.counterparty_name::text, t.details::text, t.op_reference::text
  from bank_transactions t
 where t.transaction_date >= $1::date and t.transaction_date < ($1::date + interval '1 month')::date
   and t.amount > -1e16 and t.amount < 1e16
 order by 2, 6, t.transaction_date, t.file_name, t.source_line, t.transaction_hash
