-- Where each settlement stands: the day of the credit on the bank statement that pays its very
-- amount.
--
-- A Netopia batch is named in the credit's text; a borderou is paid by a credit of the courier of
-- the same amount within a week of its day.
select 'GLS' as sender, b.borderou_date as day, b.parcels_count as records, b.total_amount as amount,
       (select min(t.transaction_date) from bank_transactions t
         where t.source = 'GLS' and t.amount = b.total_amount
           and t.transaction_date between b.borderou_date and b.borderou_date + 7) as paid_on
  from gls_borderouri b
union all
select initcap(b.courier), b.borderou_date, b.parcels_count, b.total_amount,
       (select min(t.transaction_date) from bank_transactions t
         where t.source = initcap(b.courier) and t.amount = b.total_amount
           and t.transaction_date between b.borderou_date and b.borderou_date + 7)
  from courier_borderouri b
union all
select 'Netopia', n.paid_on, n.transactions_count, n.net_amount,
       (select min(t.transaction_date) from bank_transactions t
         where t.batch_id = n.batch_id and t.amount = n.net_amount)
  from netopia_batches n
 order by day, sender
