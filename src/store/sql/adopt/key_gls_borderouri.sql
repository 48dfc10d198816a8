-- Gives old borderouri, which had no key, that of row/key.rs: GLS|account|date|parcel:amount, the
-- parcels sorted by their bytes. A key is made where the account and the parcels are there, and the
-- parcels make the total.
with parcels as (
    select borderou_id, sum(cod_amount) as total,
           string_agg(parcel, ',' order by parcel collate "C") as list
      from (select borderou_id, cod_amount,
                   parcel_number || ':' || cod_amount::numeric(18, 2)::text as parcel
              from gls_borderou_parcels) as each
     group by borderou_id
), changed as (
    update gls_borderouri b
       set borderou_hash = md5('GLS|' || b.account_iban || '|'
                               || to_char(b.borderou_date, 'YYYY-MM-DD') || '|' || p.list)
      from parcels p
     where p.borderou_id = b.id and p.total = b.total_amount and b.account_iban <> ''
       and coalesce(b.borderou_hash, '') = '' and isfinite(b.borderou_date)
    returning b.id
), counted as (
    select (select count(*) from changed) as made,
           (select count(*) from gls_borderouri where borderou_hash <> '') as keyed,
           (select count(*) from gls_borderouri) as rows
)
select keyed as "right", made, 0::bigint as rekeyed, 0::bigint as other,
       rows - keyed - made as without
  from counted
