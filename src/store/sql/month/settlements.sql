-- The settlements of the month that begins on that day, the oldest first, in the order of
-- store/month.rs.
select kind::text, key::text, upper(replace(account_iban, ' ', '')), upper(coalesce(currency, 'RON')),
       dated::date, round(amount::numeric, 2), document::text, lines::integer, round(paid::numeric, 2),
       paid_on::date, op_reference, state
  from settlements
 where key is not null and dated >= $1::date and dated < ($1::date + interval '1 month')::date
   and amount > -1e16 and amount < 1e16
 order by dated, kind, amount, key
