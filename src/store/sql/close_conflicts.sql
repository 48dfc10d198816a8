-- Closes held conflicts where the row under their key came with these imports and says what the held
-- record says: another row was there when the record was held. A settlement that was held as a whole is
-- closed by the same one. What a held record would have become is kept as JSON; the server reads it as a
-- row of its table, so both are compared as values. What is missing on one side contradicts nothing.
with open as materialized (
    select id, table_name, row_key, settlement_key, record_rows
      from held_rows
     where resolved_at is null and kind = 'conflict'
), told as materialized (
    select open.id, s.import_id, s.total as there_total, k.total as here_total,
           s.currency as there_currency, k.currency as here_currency,
           s.client_name as there_client, k.client_name as here_client
      from open,
           jsonb_populate_record(null::order_states, open.record_rows::jsonb -> 0 -> 'row') as k
      join order_states s on s.order_number = k.order_number and s.channel = k.channel
     where open.table_name = 'orders' and open.record_rows is not null
       and s.import_id = any($1::uuid[])
    union all
    select open.id, s.import_id, s.total, k.total, s.currency, k.currency, s.client_name, k.client_name
      from open,
           jsonb_populate_record(null::invoice_states, open.record_rows::jsonb -> 0 -> 'row') as k
      join invoice_states s on s.invoice_key = k.invoice_key
     where open.table_name = 'invoices' and open.record_rows is not null
       and s.import_id = any($1::uuid[])
), same as materialized (
    select open.id, t.import_id
      from open
      join bank_transactions t on t.transaction_hash = open.row_key collate "C",
           jsonb_populate_record(null::bank_transactions, open.record_rows::jsonb -> 0 -> 'row') as k
     where open.table_name = 'bank_transactions' and open.record_rows is not null
       and t.import_id = any($1::uuid[])
       and coalesce(t.account_iban = k.account_iban, true) and coalesce(t.currency = k.currency, true)
       and coalesce(t.booking_date = k.booking_date, true)
       and coalesce(regexp_replace(btrim(t.details), '\s+', ' ', 'g')
                    = regexp_replace(btrim(k.details), '\s+', ' ', 'g'), true)
    union all
    select open.id, t.import_id
      from open
      join netopia_transactions t on t.transaction_id = open.row_key collate "C",
           jsonb_populate_record(null::netopia_transactions, open.record_rows::jsonb -> 0 -> 'row') as k
     where open.table_name = 'netopia_transactions' and open.record_rows is not null
       and t.import_id = any($1::uuid[])
       and t.batch_id = k.batch_id and t.kind = k.kind and t.transaction_date = k.transaction_date
       and t.amount = k.amount and t.fee = k.fee and t.vat = k.vat and t.currency = k.currency
       and coalesce(t.merchant = k.merchant, true) and coalesce(t.terminal_id = k.terminal_id, true)
    union all
    select open.id, t.import_id
      from open
      join gls_borderou_parcels t on t.parcel_hash = open.row_key collate "C",
           jsonb_populate_record(null::gls_borderou_parcels, open.record_rows::jsonb -> 0 -> 'row') as k
     where open.table_name = 'gls_borderou_parcels' and open.record_rows is not null
       and t.import_id = any($1::uuid[])
       and t.currency = k.currency and coalesce(t.delivery_date = k.delivery_date, true)
       and coalesce(t.cod_reference = k.cod_reference, true)
       and coalesce(t.recipient_name = k.recipient_name, true)
    union all
    select open.id, t.import_id
      from open
      join courier_borderou_parcels t on t.parcel_hash = open.row_key collate "C",
           jsonb_populate_record(null::courier_borderou_parcels, open.record_rows::jsonb -> 0 -> 'row') as k
     where open.table_name = 'courier_borderou_parcels' and open.record_rows is not null
       and t.import_id = any($1::uuid[])
       and t.currency = k.currency and coalesce(t.delivery_date = k.delivery_date, true)
       and coalesce(t.cod_reference = k.cod_reference, true)
       and coalesce(t.recipient_name = k.recipient_name, true)
    union all
    select open.id, t.import_id
      from open
      join emag_lines t on t.line_hash = open.row_key collate "C",
           jsonb_populate_record(null::emag_lines, open.record_rows::jsonb -> 0 -> 'row') as k
     where open.table_name = 'emag_lines' and open.record_rows is not null
       and t.import_id = any($1::uuid[])
       and coalesce(t.payment_method = k.payment_method, true)
       and coalesce(t.client_name = k.client_name, true)
    union all
    select open.id, t.import_id
      from open join gls_borderouri t on t.borderou_hash = open.settlement_key collate "C"
     where t.import_id = any($1::uuid[])
    union all
    select open.id, t.import_id
      from open join courier_borderouri t on t.borderou_hash = open.settlement_key collate "C"
     where t.import_id = any($1::uuid[])
    union all
    select id, import_id
      from told
     where there_total = here_total and there_currency = here_currency
       and coalesce(translate(lower(regexp_replace(btrim(there_client), '\s+', ' ', 'g')),
                              'ăâîșțşţĂÂÎȘȚŞŢ', 'aaiststaaistst')
                    = translate(lower(regexp_replace(btrim(here_client), '\s+', ' ', 'g')),
                                'ăâîșțşţĂÂÎȘȚŞŢ', 'aaiststaaistst'), true)
), settled as materialized (
    select same.id, max(s.number) as number, (max(s.id::text))::uuid as by_import
      from same join sync_logs s on s.id = same.import_id
     group by same.id
)
update held_rows h
   set resolved_at = now(), resolution = 'the books say the same now, #' || number,
       resolved_by = by_import
  from settled
 where settled.id = h.id
