-- The settlements of the month that begins on that day, and those that are so near that a credit of the month
-- may pay them or be paid for by what is near it (11 days: tie::DAYS_BEFORE and DAYS_AFTER); the oldest
-- first, in the order of store/month.rs.
select kind::text, key::text, upper(replace(account_iban, ' ', '')), upper(coalesce(currency, 'RON')),
       dated::date, round(amount::numeric, 2), document::text, lines::integer, round(paid::numeric, 2),
       paid_on::date, op_reference, state
  from settlements
 where key is not null and dated >= $1::date - 11 and dated < ($1::date + interval '1 month')::date + 11
   and amount > -1e16 and amount < 1e16
 order by dated, kind, amount, key
