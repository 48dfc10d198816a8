-- The row that has the key of a held row, as the platform sees it, and the import that brought it.
select row - 'id' - 'import_id' as stored, s.number as import
  from (select to_jsonb(t) as row, import_id from bank_transactions t
         where $1 = 'bank_transactions' and transaction_hash = $2
        union all
        select to_jsonb(t), import_id from gls_borderouri t
         where $1 = 'gls_borderouri' and borderou_hash = $2
        union all
        select to_jsonb(t), import_id from gls_borderou_parcels t
         where $1 = 'gls_borderou_parcels' and parcel_hash = $2
        union all
        select to_jsonb(t), import_id from netopia_batches t
         where $1 = 'netopia_batches' and batch_id = $2
        union all
        select to_jsonb(t), import_id from netopia_transactions t
         where $1 = 'netopia_transactions' and transaction_id = $2
        union all
        select to_jsonb(t), import_id from courier_borderouri t
         where $1 = 'courier_borderouri' and borderou_hash = $2
        union all
        select to_jsonb(t), import_id from courier_borderou_parcels t
         where $1 = 'courier_borderou_parcels' and parcel_hash = $2
        union all
        select to_jsonb(t), import_id from emag_documents t
         where $1 = 'emag_documents' and document_hash = $2
        union all
        select to_jsonb(t), import_id from emag_lines t
         where $1 = 'emag_lines' and line_hash = $2
        union all
        select to_jsonb(t), import_id from orders t
         where $1 = 'orders' and channel || '|' || order_number = $2
        union all
        select to_jsonb(t), import_id from invoices t
         where $1 = 'invoices' and oblio_id::text = $2) as found
  left join sync_logs s on s.id = found.import_id
