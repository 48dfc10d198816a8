-- What is left of completed imports: whether rows that each put into the tables are gone, or rows that
-- it found there were taken out since (undo); and what the log says of it.
--
-- Rows that went in together have identifiers that follow on each other, which the log knows, so the
-- primary key finds them. By the index on import_id alone the planner may read the whole table, where
-- few imports have brought most of its rows. Orders and invoices are not counted, but of each state the one
-- that is made of it must be there. Of imports that an older vama logged, without these, the
-- rows are not counted.
with imports as (
    select id, records_inserted, records_skipped, records_failed, file_names, details,
           case when jsonb_typeof(details -> 'tables') = 'object' then details -> 'tables'
                else '{}' end as tables,
           case when details ->> 'first_id' ~ '^[0-9a-f-]{36}$' then (details ->> 'first_id')::uuid
                end as first,
           case when details ->> 'last_id' ~ '^[0-9a-f-]{36}$' then (details ->> 'last_id')::uuid
                end as last
      from sync_logs
     where id = any($1::uuid[])
), ranges as materialized (
    select distinct first, last from imports where first is not null and last is not null
), stored as (
    select import_id, count(*) as rows
      from ranges, lateral (
          select import_id from bank_transactions where id between first and last
          union all select import_id from bank_statements where id between first and last
          union all select import_id from gls_borderouri where id between first and last
          union all select import_id from gls_borderou_parcels where id between first and last
          union all select import_id from gls_parcels where id between first and last
          union all select import_id from netopia_batches where id between first and last
          union all select import_id from netopia_transactions where id between first and last
          union all select import_id from courier_borderouri where id between first and last
          union all select import_id from courier_borderou_parcels where id between first and last
          union all select import_id from sameday_parcels where id between first and last
          union all select import_id from emag_documents where id between first and last
          union all select import_id from emag_lines where id between first and last
          union all select import_id from order_states where id between first and last
          union all select import_id from invoice_states where id between first and last
          union all select import_id from products where id between first and last
          union all select import_id from product_sales where id between first and last
      ) as found
     group by 1
), put_in as (
    select id, sum(case when value ->> 'inserted' ~ '^[0-9]{1,18}$'
                        then (value ->> 'inserted')::bigint else 0 end) as rows
      from imports, jsonb_each(tables - 'orders' - 'invoices')
     group by 1
), underived as (
    select s.import_id
      from order_states s
     where s.import_id = any($1::uuid[])
       and not exists (select from orders o
                        where o.order_number = s.order_number and o.channel = s.channel)
    union
    select s.import_id
      from invoice_states s
     where s.import_id = any($1::uuid[])
       and not exists (select from invoices i
                        where ltrim(i.invoice_number::text, '0')
                              = regexp_replace(s.invoice_key, '^.*\|', '')
                          and upper(btrim(coalesce(i.series_name::text, '')) collate "C") || '|'
                              || ltrim(i.invoice_number::text, '0') = s.invoice_key)
)
select i.id, records_inserted as inserted, records_skipped as duplicates,
       records_failed as held_then, tables::text as tables,
       details ? 'undone_rows'
       or first is not null and coalesce(stored.rows, 0) < coalesce(put_in.rows, 0)
       or i.id in (select import_id from underived) as is_incomplete,
       case when details ->> 'watched' = 'true'
            then coalesce(details ->> 'container', file_names[1]) end as watched_as,
       case when details ->> 'interim' ~ '^[0-9]{1,18}$' then (details ->> 'interim')::bigint
            else 0 end as interim_then
  from imports i
  left join stored on stored.import_id = i.id
  left join put_in on put_in.id = i.id
