-- What the states of invoices say ($1 series and number as row/key.rs writes them, $2 the numbers alone),
-- under the columns of `invoices`; the beginning of the statements that need it.
--
-- Each column is what the newest says that tells of it, of one moment the platform's: what is missing says
-- nothing. The row is the platform's, where it has one, and keeps its
-- key; else it has vama's. Its updated_at is the moment as of which it says so: of a state of the platform
-- the platform's own.
with said as materialized (
    select s.*, row_number() over (partition by invoice_key
                                   order by as_of desc nulls last, progress desc,
                                            import_id is not null, state_hash, id) as place
      from invoice_states s
     where invoice_key = any($1::text[])
), named as (
    select invoice_key,
           (array_agg(series_name order by import_id is not null, place))[1] as series_name,
           (array_agg(invoice_number order by import_id is not null, place))[1] as invoice_number,
           (array_agg(issue_date order by place) filter (where issue_date is not null))[1] as issue_date,
           (array_agg(due_date order by place) filter (where due_date is not null))[1] as due_date,
           (array_agg(invoice_type order by place)
            filter (where invoice_type is not null))[1] as invoice_type,
           (array_agg(is_canceled order by place)
            filter (where is_canceled is not null))[1] as is_canceled,
           (array_agg(is_collected order by place)
            filter (where is_collected is not null))[1] as is_collected,
           (array_agg(currency order by place) filter (where currency is not null))[1] as currency,
           (array_agg(total order by place) filter (where total is not null))[1] as total,
           (array_agg(client_name order by place) filter (where client_name is not null))[1] as client_name,
           (array_agg(client_cif order by place) filter (where client_cif is not null))[1] as client_cif,
           (array_agg(client_address order by place)
            filter (where client_address is not null))[1] as client_address,
           (array_agg(client_city order by place) filter (where client_city is not null))[1] as client_city,
           (array_agg(client_state order by place)
            filter (where client_state is not null))[1] as client_state,
           (array_agg(client_country order by place)
            filter (where client_country is not null))[1] as client_country,
           (array_agg(client_phone order by place)
            filter (where client_phone is not null))[1] as client_phone,
           (array_agg(client_email order by place)
            filter (where client_email is not null))[1] as client_email,
           bool_or(import_id is null) as has_platform
      from said
     group by invoice_key
), same_number as (
    select upper(btrim(coalesce(series_name::text, '')) collate "C") || '|'
           || ltrim(invoice_number::text, '0') as invoice_key,
           id, oblio_id::text collate "C" as oblio_id
      from invoices
     where ltrim(invoice_number::text, '0') = any($2::text[]) and oblio_id is not null
), stored as materialized (
    select distinct on (invoice_key) invoice_key, id, oblio_id
      from same_number
     where invoice_key = any($1::text[])
     order by invoice_key, oblio_id = replace(invoice_key, '|', ''), oblio_id
), newest as materialized (
    select said.invoice_key, said.id,
           coalesce(stored.oblio_id, replace(said.invoice_key, '|', '')) as oblio_id,
           named.series_name, named.invoice_number, named.issue_date, named.due_date, named.currency,
           named.total, named.invoice_type,
           coalesce(named.is_canceled, case when stored.id is null then false end) as is_canceled,
           coalesce(named.is_collected, case when stored.id is null then false end) as is_collected,
           named.client_name, named.client_cif, named.client_address, named.client_city,
           named.client_state, named.client_country, named.client_phone, named.client_email,
           coalesce(said.as_of, case when stored.id is null or said.import_id is not null
                                     then '1970-01-01 00:00:00+00'::timestamptz end) as updated_at,
           case when said.import_id is not null then said.as_of end as as_of,
           said.import_id, said.source_line, named.has_platform
      from said
      join named on named.invoice_key = said.invoice_key
      left join stored on stored.invoice_key = said.invoice_key
     where said.place = 1
)
