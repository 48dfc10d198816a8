-- The credits of the month that begins on that day, and those near it as in settlements.sql, the oldest first,
-- each with what of it is tied and the invoices and orders that it pays, in the order of store/month.rs. An
-- order is called by its invoice where that is stored. A transfer between own accounts is no income.
with tied as (
    select transaction_hash, round(sum(amount), 2) as amount
      from settlement_payments
     where settlement_kind not like 'waiting/%'
     group by transaction_hash
), bills as (
    select p.transaction_hash, coalesce(nullif(concat_ws(' ', i.series_name, i.invoice_number), ''),
                                        p.settlement_key) as name
      from settlement_payments p
      join invoices i on i.oblio_id::text collate "C" = p.settlement_key
     where p.settlement_kind = 'invoice' and p.amount <> 0
    union all
    select p.transaction_hash,
           coalesce((select min(concat_ws(' ', i.series_name, i.invoice_number))
                       from invoices i
                      where ltrim(i.invoice_number::text, '0') = ltrim(btrim(o.invoice_number::text), '0')
                        and upper(btrim(coalesce(i.series_name::text, '')))
                            = upper(btrim(coalesce(o.invoice_series::text, '')))),
                    'order ' || o.order_number::text)
      from settlement_payments p
      join orders o on (o.channel::text || '|' || o.order_number::text) collate "C" = p.settlement_key
     where p.settlement_kind = 'order' and p.amount <> 0
), paid as (
    select transaction_hash, string_agg(name, ', ' order by name) as names from bills group by transaction_hash
)
select t.transaction_hash::text, coalesce(lower(t.source), 'altul'),
       upper(replace(t.account_iban, ' ', '')), upper(coalesce(t.currency, '')), t.transaction_date::date,
       round(t.amount::numeric, 2), t.batch_id::text, t.op_reference::text,
       coalesce(t.details, '')::text, t.counterparty_name::text, coalesce(tied.amount, 0), paid.names
  from bank_transactions t
  left join tied on tied.transaction_hash = t.transaction_hash::text collate "C"
  left join paid on paid.transaction_hash = t.transaction_hash::text collate "C"
 where t.transaction_date >= $1::date - 11
   and t.transaction_date < ($1::date + interval '1 month')::date + 11
   and t.amount > 0 and t.amount < 1e16 and not t.is_capital_transfer
   and t.transaction_hash is not null
 order by t.transaction_date, t.amount, t.transaction_hash
