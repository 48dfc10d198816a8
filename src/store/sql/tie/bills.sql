-- What customers owe, in the order of store/tie/books.rs: the invoices that one of these names may mean, and
-- those that are tied.
select 'invoice', i.oblio_id::text, i.series_name::text, i.invoice_number::text, null::text,
       upper(coalesce(i.currency, '')),
       case when i.total::numeric between -1e16 and 1e16 then round(i.total::numeric, 2) end,
       coalesce(i.is_canceled, false)
  from invoices i
 where i.oblio_id is not null
   and (i.oblio_id::text collate "C" in (select settlement_key from settlement_payments)
        or exists (select from unnest($1::text[]) as it (name)
                    where upper(it.name) = upper(i.oblio_id::text)
                       or ltrim(i.invoice_number::text, '0') <> ''
                          and position(upper(ltrim(i.invoice_number::text, '0')) in upper(it.name)) > 0))
