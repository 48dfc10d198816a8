-- Gives the parcels of old borderouri, which had no key, that of row/key.rs:
-- borderou|parcel|amount, the same parcel in one borderou numbered from the second on.
with before as materialized (
    select count(*) as rows, count(*) filter (where parcel_hash <> '') as keyed
      from gls_borderou_parcels
), numbered as (
    select p.id, b.borderou_hash || '|' || p.parcel_number as head,
           row_number() over (partition by p.borderou_id, p.parcel_number order by p.id) as k,
           p.cod_amount::numeric(18, 2)::text as amount
      from gls_borderou_parcels p
      join gls_borderouri b on b.id = p.borderou_id
     where b.borderou_hash <> ''
), changed as (
    update gls_borderou_parcels t
       set parcel_hash = md5(n.head || case when n.k > 1 then '#' || n.k else '' end
                             || '|' || n.amount)
      from numbered n
     where t.id = n.id and coalesce(t.parcel_hash, '') = ''
    returning t.id
), counted as (
    select (select count(*) from changed) as made, keyed, rows from before
)
select keyed as "right", made, 0::bigint as rekeyed, 0::bigint as other,
       rows - keyed - made as without
  from counted
