-- The stored payout documents of these keys, each with all its lines: eMag may give a document out again
-- with other lines. What a head or a line says is written as the rows of row/payout.rs write it.
select d.id as settlement, d.document_hash::text as key, '' as account, s.number as import,
       d.made_on::text || ', ' || round(case
           when d.kind = 'dp' then d.net
           when d.kind in ('dv', 'dvs') then 0
           else -(d.gross + d.vouchers) end, 2)::text || ' ' || d.currency as says,
       case when l.id is not null then coalesce(l.order_id, '') || ' ' || coalesce(l.kind, '') end as line,
       l.line_hash::text as line_key,
       round(l.amount::numeric, greatest(min_scale(l.amount::numeric), 2))::text as line_says,
       case when (select count(*) from emag_documents o where o.import_id = d.import_id) = 1
            then (select count(*) from held_rows h
                   where h.import_id = d.import_id and h.kind = 'malformed' and h.resolved_at is null)
            else 0 end as damaged
  from emag_documents d
  left join emag_lines l on l.document_id = d.id
  left join sync_logs s on s.id = d.import_id
 where d.document_hash = any($1)
 order by d.id, l.id
