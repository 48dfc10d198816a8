-- Keeps what the platform itself wrote of invoices, before their rows become what the states say: where
-- nothing of the platform is kept yet, and where the row says something else than its states do. $3 has
-- an identifier for each. Returns how many were kept.
--
-- The state is as of the platform's updated_at. Where the platform wrote without setting that, the row is
-- still newer than what it was made of, by the least there is.
, kept as (
    insert into invoice_states (id, state_hash, invoice_key, series_name, invoice_number, issue_date,
                                due_date, currency, total, invoice_type, is_canceled, is_collected,
                                client_name, client_cif, client_address, client_city, client_state,
                                client_country, client_phone, client_email, as_of, progress)
    select wanted.id::uuid,
           md5(row(i.oblio_id, i.series_name, i.invoice_number, i.issue_date, i.due_date, i.currency,
                   i.total, i.invoice_type, i.is_canceled, i.is_collected, i.client_name, i.client_cif,
                   i.client_address, i.client_city, i.client_state, i.client_country, i.client_phone,
                   i.client_email, i.updated_at)::text),
           wanted.invoice_key, i.series_name, i.invoice_number, i.issue_date, i.due_date, i.currency,
           i.total, i.invoice_type, i.is_canceled, i.is_collected, i.client_name, i.client_cif,
           i.client_address, i.client_city, i.client_state, i.client_country, i.client_phone,
           i.client_email,
           case when i.updated_at = newest.updated_at then i.updated_at + interval '1 microsecond'
                else i.updated_at end,
           case when i.is_canceled then 4 else 0 end
           + case when i.invoice_type = 'Stornata' then 2 else 0 end
           + case when i.is_collected then 1 else 0 end
      from unnest($1::text[], $3::text[]) as wanted (invoice_key, id)
      join stored on stored.invoice_key = wanted.invoice_key
      join invoices i on i.id = stored.id
      left join newest on newest.invoice_key = wanted.invoice_key
      left join lateral jsonb_populate_record(null::invoices, to_jsonb(newest)) as r on true
     where i.import_id is null and not coalesce(newest.has_platform, false)
        or newest.id is not null
           and (i.series_name, i.invoice_number, i.issue_date, i.due_date, i.currency, i.total,
                i.invoice_type, i.is_canceled, i.is_collected, i.client_name, i.client_cif,
                i.client_address, i.client_city, i.client_state, i.client_country, i.client_phone,
                i.client_email)
               is distinct from
               (r.series_name, r.invoice_number, r.issue_date, r.due_date, r.currency, r.total,
                r.invoice_type, r.is_canceled, r.is_collected, r.client_name, r.client_cif,
                r.client_address, r.client_city, r.client_state, r.client_country, r.client_phone,
                r.client_email)
    returning 1
)
select count(*) from kept
