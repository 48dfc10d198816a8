-- Says in the borderouri of GLS of these keys what their ties say. The credits are read first: on a
-- cluster no function of columns whose result may depend on a setting stands in an UPDATE.
with tied as materialized (
    select b.id, b.total_amount as amount, sum(p.amount) as paid, max(t.transaction_date) as day,
           string_agg(t.op_reference, ', ' order by t.transaction_date, t.transaction_hash) as reference
      from gls_borderouri b
      left join settlement_payments p on p.settlement_kind = 'gls' and p.settlement_key = b.borderou_hash
                                         and p.amount <> 0
      left join bank_transactions t on t.transaction_hash = p.transaction_hash collate "C"
     where b.borderou_hash = any($1)
     group by b.id, b.total_amount
)
update gls_borderouri b
   set op_reference = tied.reference, op_date = tied.day,
       op_matched = coalesce(tied.paid = tied.amount, false)
  from tied
 where tied.id = b.id
