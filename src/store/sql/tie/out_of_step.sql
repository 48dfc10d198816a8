-- Settlements that are tied and whose own rows do not say so: such a row took the place of another one
-- under the same key.
select b.borderou_hash::text
  from gls_borderouri b
  join settlement_payments p on p.settlement_kind = 'gls'
                            and p.settlement_key = b.borderou_hash::text collate "C"
 where p.amount <> 0 and b.op_date is null
union all
select b.borderou_hash::text
  from courier_borderouri b
  join settlement_payments p on p.settlement_kind = b.courier
                            and p.settlement_key = b.borderou_hash::text collate "C"
 where p.amount <> 0 and b.op_date is null
union all
select b.batch_id::text
  from netopia_batches b
  join settlement_payments p on p.settlement_kind = 'netopia'
                            and p.settlement_key = b.batch_id::text collate "C"
 where p.amount <> 0 and b.op_date is null
