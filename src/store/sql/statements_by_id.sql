-- The statements with these identifiers, with the columns of kept_statements.sql.
select id, account_iban, currency, statement_number, opening_date, opening_balance, closing_date,
       closing_balance, entries, source_line, import_id,
       id not in (select statement_id from held_rows
                   where kind = 'malformed' and resolved_at is null and statement_id is not null)
       as is_whole
  from bank_statements
 where id = any($1::uuid[]) and account_iban is not null
   and opening_date between '0001-01-01' and '9999-12-31'
   and closing_date between '0001-01-01' and '9999-12-31'
   and opening_balance <> 'NaN' and closing_balance <> 'NaN'
