-- Makes invoices what their states say, one that is not there a row of its own. What no state has (the
-- platform's links) stays. The platform may have given its columns other types.
insert into invoices (id, oblio_id, series_name, invoice_number, issue_date, due_date, currency, total,
                      invoice_type, is_canceled, is_collected, client_name, client_cif, client_address,
                      client_city, client_state, client_country, client_phone, client_email, updated_at,
                      as_of, import_id, source_line)
select r.id, r.oblio_id, r.series_name, r.invoice_number, r.issue_date, r.due_date, r.currency, r.total,
       r.invoice_type, r.is_canceled, r.is_collected, r.client_name, r.client_cif, r.client_address,
       r.client_city, r.client_state, r.client_country, r.client_phone, r.client_email, r.updated_at,
       r.as_of, r.import_id, r.source_line
  from newest, lateral jsonb_populate_record(null::invoices, to_jsonb(newest)) as r
on conflict (oblio_id) do update
   set series_name = excluded.series_name, invoice_number = excluded.invoice_number,
       issue_date = excluded.issue_date, due_date = excluded.due_date, currency = excluded.currency,
       total = excluded.total, invoice_type = excluded.invoice_type, is_canceled = excluded.is_canceled,
       is_collected = excluded.is_collected, client_name = excluded.client_name,
       client_cif = excluded.client_cif, client_address = excluded.client_address,
       client_city = excluded.client_city, client_state = excluded.client_state,
       client_country = excluded.client_country, client_phone = excluded.client_phone,
       client_email = excluded.client_email, updated_at = excluded.updated_at, as_of = excluded.as_of,
       import_id = excluded.import_id, source_line = excluded.source_line
 where (invoices.series_name, invoices.invoice_number, invoices.issue_date, invoices.due_date,
        invoices.currency, invoices.total, invoices.invoice_type, invoices.is_canceled,
        invoices.is_collected, invoices.client_name, invoices.client_cif, invoices.client_address,
        invoices.client_city, invoices.client_state, invoices.client_country, invoices.client_phone,
        invoices.client_email, invoices.updated_at, invoices.as_of, invoices.import_id,
        invoices.source_line)
       is distinct from
       (excluded.series_name, excluded.invoice_number, excluded.issue_date, excluded.due_date,
        excluded.currency, excluded.total, excluded.invoice_type, excluded.is_canceled,
        excluded.is_collected, excluded.client_name, excluded.client_cif, excluded.client_address,
        excluded.client_city, excluded.client_state, excluded.client_country, excluded.client_phone,
        excluded.client_email, excluded.updated_at, excluded.as_of, excluded.import_id,
        excluded.source_line)
   -- Another invoice may have the key that this one would get: it stays what it is.
   and ltrim(invoices.invoice_number::text, '0') = ltrim(excluded.invoice_number::text, '0')
   and upper(btrim(coalesce(invoices.series_name::text, '')) collate "C")
       = upper(btrim(coalesce(excluded.series_name::text, '')) collate "C")
