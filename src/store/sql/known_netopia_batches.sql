-- The stored batches of these numbers, each with all its operations: a batch may come again with other
-- lines. What a head or a line says is written as the rows of row/cards.rs write it.
select b.id as settlement, b.batch_id::text as key, '' as account, s.number as import,
       b.paid_on::text || ', ' || round(b.net_amount::numeric,
           greatest(min_scale(b.net_amount::numeric), 2))::text || ' ' || b.currency as says,
       t.transaction_id::text as line, t.transaction_id::text as line_key,
       round(t.amount::numeric, 5)::text || ', fee ' || round(t.fee::numeric, 5)::text
           || ', VAT ' || round(t.vat::numeric, 5)::text as line_says,
       case when (select count(*) from netopia_batches o where o.import_id = b.import_id) = 1
            then (select count(*) from held_rows h
                   where h.import_id = b.import_id and h.kind = 'malformed' and h.resolved_at is null)
            else 0 end as damaged
  from netopia_batches b
  left join netopia_transactions t on t.batch_id = b.batch_id
  left join sync_logs s on s.id = b.import_id
 where b.batch_id = any($1)
 order by b.id, t.id
