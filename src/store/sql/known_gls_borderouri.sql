-- The stored borderouri of these accounts that have one of these parcels, each with all its lines: a
-- corrected borderou is known by them, since another amount makes another key. What a head or a line
-- says is written as the rows of row/borderou.rs write it.
select b.id as settlement, b.borderou_hash::text as key, coalesce(b.account_iban::text, '') as account,
       s.number as import,
       b.borderou_date::text || ', ' || round(b.total_amount::numeric,
           greatest(min_scale(b.total_amount::numeric), 2))::text || ' ' || b.currency as says,
       p.parcel_number::text as line, p.parcel_hash::text as line_key,
       round(p.cod_amount::numeric, greatest(min_scale(p.cod_amount::numeric), 2))::text as line_says,
       case when (select count(*) from gls_borderouri o where o.import_id = b.import_id) = 1
            then (select count(*) from held_rows h
                   where h.import_id = b.import_id and h.kind = 'malformed' and h.resolved_at is null)
            else 0 end as damaged
  from gls_borderouri b
  join gls_borderou_parcels p on p.borderou_id = b.id
  left join sync_logs s on s.id = b.import_id
 where b.id in (select borderou_id from gls_borderou_parcels where parcel_number = any($1))
   and (b.account_iban = any($2) or b.account_iban is null)
 order by b.id, p.id
