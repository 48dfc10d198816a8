-- Gives old borderouri, which had no key, that of row/key.rs: GLS|account|date|parcel:amount, the
-- parcels sorted by their bytes. A key is made where the account and the parcels are there, and the
-- parcels make the total. The day becomes text as in key_entries_statement.sql.
with before as materialized (
    select count(*) as rows, count(*) filter (where borderou_hash <> '') as keyed from gls_borderouri
), parcels as (
    select borderou_id, sum(cod_amount) as total,
           string_agg(parcel, ',' order by parcel collate "C") as list
      from (select borderou_id, cod_amount,
                   parcel_number || ':' || cod_amount::numeric(18, 2)::text as parcel
              from gls_borderou_parcels) as each
     group by borderou_id
), changed as (
    update gls_borderouri b
       set borderou_hash = md5('GLS|' || b.account_iban || '|'
                               || lpad(extract(year from b.borderou_date)::int::text, 4, '0')
                               || '-' || lpad(extract(month from b.borderou_date)::int::text, 2, '0')
                               || '-' || lpad(extract(day from b.borderou_date)::int::text, 2, '0')
                               || '|' || p.list)
      from parcels p
     where p.borderou_id = b.id and p.total = b.total_amount and b.account_iban <> ''
       and coalesce(b.borderou_hash, '') = '' 
       and b.borderou_date between '0001-01-01' and '9999-12-31'
    returning b.id
), counted as (
    select (select count(*) from changed) as made, keyed, rows from before
)
select keyed as "right", made, 0::bigint as rekeyed, 0::bigint as other,
       rows - keyed - made as without
  from counted
