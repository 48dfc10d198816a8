-- The newest day that an entry has; of a company without entries, the newest day of its settlements.
select coalesce((select max(transaction_date)::date from bank_transactions
                  where transaction_date between '1900-01-01' and '2200-12-31'),
                (select max(dated)::date from settlements
                  where dated between '1900-01-01' and '2200-12-31'))
