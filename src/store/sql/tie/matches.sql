-- Payments of customers and the invoices of their amount, where the text has the invoice's number.
select t.transaction_hash::text, t.transaction_date::date, coalesce(t.details, '')::text, i.oblio_id::text,
       i.series_name::text, i.invoice_number::text, round(t.amount::numeric, 2)
  from invoices i
  join bank_transactions t on t.amount = i.total and t.source = 'Altul' and not t.is_capital_transfer
                              and upper(t.currency) = upper(coalesce(i.currency, t.currency))
 where position(ltrim(i.invoice_number::text, '0') in t.details) > 0 and i.total > 0 and i.total < 1e16 and not i.is_canceled and i.invoice_number is not null
   and t.amount::numeric = round(t.amount::numeric, 2) and t.transaction_hash is not null
   and t.transaction_date between '1900-01-01' and '2200-12-31'
