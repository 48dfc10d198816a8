-- The statements of these accounts that overlap with the days from $2 to $3, and of each account those
-- beside these days, with the columns of kept_statements.sql. Others tell an import nothing.
with beside as materialized (
    select account_iban, currency,
           max(closing_date) filter (where closing_date < $2::date) as before,
           min(opening_date) filter (where opening_date > $3::date) as behind
      from bank_statements
     where account_iban = any($1)
     group by account_iban, currency
)
select id, account_iban, currency, statement_number, opening_date, opening_balance, closing_date,
       closing_balance, entries, source_line, import_id,
       id not in (select statement_id from held_rows
                   where kind = 'malformed' and resolved_at is null and statement_id is not null)
       and not exists (select from sync_logs l
                        where l.id = s.import_id and l.details -> 'accepted_unbalanced' <> '[]')
       as is_whole
  from bank_statements s join beside using (account_iban, currency)
 where (closing_date >= $2::date and opening_date <= $3::date
        or closing_date = before or opening_date = behind)
   and opening_date between '0001-01-01' and '9999-12-31'
   and closing_date between '0001-01-01' and '9999-12-31'
   and opening_balance <> 'NaN' and closing_balance <> 'NaN'
