-- The statements that an import brought, each with how many of its entries are stored and their sum.
select s.account_iban as account, s.currency, coalesce(s.statement_number, '') as number,
       s.opening_date, s.opening_balance, s.closing_date, s.closing_balance, s.entries,
       coalesce(s.source_line, 0) as line, count(t.id) as stored, coalesce(sum(t.amount), 0) as sum
  from bank_statements s left join bank_transactions t on t.statement_id = s.id
 where s.import_id = $1::uuid and s.account_iban is not null
   and s.opening_date between '0001-01-01' and '9999-12-31'
   and s.closing_date between '0001-01-01' and '9999-12-31'
 group by s.id
 order by s.source_line, s.id
