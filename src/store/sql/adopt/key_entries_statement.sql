-- The statement, quoted by the server, that gives old rows of a table of entries the key of
-- row/key.rs: date|reference|amount, twins numbered from the second on. A key is recognised as
-- right (of any twin), as made of Python's text of a float (an amount without its last zeros, but
-- never without a decimal), or as neither, and then left alone. No date becomes text by to_char or a
-- cast: a cluster takes no function in an UPDATE whose result may depend on a setting. The rows are
-- counted by a query that is materialized before the UPDATE: a cluster's later count would see what
-- the UPDATE has changed.
--   $1 the table, $2 its column with the reference
select format($statement$
with before as materialized (
    select count(*) as rows, count(*) filter (where transaction_hash <> '') as keyed from %1$I
), parts as (
    select id, nullif(transaction_hash, '') as old,
           lpad(extract(year from transaction_date)::int::text, 4, '0')
           || '-' || lpad(extract(month from transaction_date)::int::text, 2, '0')
           || '-' || lpad(extract(day from transaction_date)::int::text, 2, '0')
           || '|' || btrim(%2$I) as head,
           amount::numeric(18, 2)::text as amount,
           case when amount = trunc(amount) then trunc(amount)::text || '.0'
                else trim_scale(amount)::text end as float
      from %1$I
     where transaction_date between '0001-01-01' and '9999-12-31' and btrim(%2$I) <> '' and amount is not null
), grouped as (
    select *, count(*) over (partition by head, amount) as twins from parts
), judged as (
    select g.*, (select min(k) from generate_series(1, g.twins) as k
                  where g.old = md5(g.head || case when k > 1 then '#' || k else '' end
                                    || '|' || g.amount)) as kept,
           coalesce(g.old = md5(g.head || '|' || g.float)
                    or g.amount::numeric = 0 and g.old = md5(g.head || '|-0.0'), false) as of_float
      from grouped g
), free as (
    select head, amount, k, row_number() over (partition by head, amount order by k) as turn
      from (select head, amount, generate_series(1, max(twins)) as k from judged group by 1, 2
            except all
            select head, amount, kept from judged where kept is not null) as keys
), needy as (
    select id, head, amount, old is null as bare,
           row_number() over (partition by head, amount order by old is null, id) as turn
      from judged
     where kept is null and (old is null or of_float)
), changed as (
    update %1$I t
       set transaction_hash = md5(n.head || case when f.k > 1 then '#' || f.k else '' end
                                  || '|' || n.amount)
      from needy n
      join free f using (head, amount, turn)
     where t.id = n.id
    returning n.bare
), counted as (
    select (select count(*) from judged where kept is not null) as "right",
           (select count(*) from changed where bare) as made,
           (select count(*) from changed where not bare) as rekeyed,
           keyed, rows
      from before
)
select "right", made, rekeyed, keyed - "right" - rekeyed as other, rows - keyed - made as without
  from counted
$statement$, $1, $2)
