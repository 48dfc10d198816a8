-- The settlements that an import brought, line by line, each line beside its head.
select to_jsonb(b) as head, to_jsonb(p) as line
  from gls_borderouri b join gls_borderou_parcels p on p.borderou_id = b.id
 where b.import_id = $1::uuid
union all
select to_jsonb(b), to_jsonb(t)
  from netopia_batches b join netopia_transactions t on t.batch_id = b.batch_id
 where b.import_id = $1::uuid
