-- Gives old sales the key of row/key.rs: oblio_id|sku|quantity, the quantity as its shortest
-- decimal. A key that was made of Python's text of a float (`2.0` for `2`) is recognised and made
-- anew.
with parts as materialized (
    select id, nullif(sale_hash, '') as old,
           md5(oblio_id || '|' || sku || '|' || trim_scale(quantity)) as "right",
           md5(oblio_id || '|' || sku || '|' || trim_scale(quantity)
               || case when quantity = trunc(quantity) then '.0' else '' end) as of_float
      from product_sales
), changed as (
    update product_sales t
       set sale_hash = p."right"
      from parts p
     where t.id = p.id and p."right" is not null and p.old is distinct from p."right"
       and coalesce(p.old = p.of_float, true)
    returning p.old is null as bare
), counted as (
    select (select count(*) from parts where old = "right") as "right",
           (select count(*) from changed where bare) as made,
           (select count(*) from changed where not bare) as rekeyed,
           (select count(*) from parts where old is not null) as keyed,
           (select count(*) from parts) as rows
)
select "right", made, rekeyed, keyed - "right" - rekeyed as other, rows - keyed - made as without
  from counted
