-- All settlements in one place: who pays what, into which account, and how much of it came.
--
-- A tie over nothing says that a credit does not pay a settlement, so it counts for nothing here. A
-- settlement is late where the statements of its account reach ten days beyond its day: what came on
-- later days nobody knows.
create or replace view settlements with (security_invoker = true) as
select s.kind, s.key, s.document, s.account_iban, s.dated, s.currency, s.amount, s.lines,
       p.paid, p.paid_on, p.op_reference,
       case when coalesce(p.paid, 0) = s.amount then 'paid'
            when p.paid is not null then 'differs'
            when s.dated + 10 <= coalesce(
                     (select max(b.closing_date) from bank_statements b
                       where b.account_iban = s.account_iban),
                     (select max(t.transaction_date) from bank_transactions t)) then 'late'
            else 'open' end as state,
       s.import_id
  from (select 'gls' as kind, borderou_hash as key, file_name as document, account_iban,
               borderou_date as dated, currency, total_amount as amount, parcels_count as lines, import_id
          from gls_borderouri
        union all
        select courier, borderou_hash, coalesce(number, file_name), account_iban,
               borderou_date, currency, total_amount, parcels_count, import_id
          from courier_borderouri
        union all
        select 'netopia', batch_id, file_name, null,
               paid_on, currency, net_amount, transactions_count, import_id
          from netopia_batches
        union all
        -- The documents of one seller made on one day are one payout: its lists less all that is
        -- charged for.
        select 'emag', seller_id || '|' || to_char(made_on, 'YYYY-MM-DD'),
               count(*) || ' documents', null, made_on, currency,
               sum(case when kind = 'dp' then coalesce(net, 0)
                        when kind in ('dc', 'dccd', 'dcco', 'dcs', 'ded', 'dy')
                        then -coalesce(gross, 0) - coalesce(vouchers, 0)
                        else 0 end),
               coalesce(sum(lines) filter (where kind = 'dp'), 0)::integer,
               (max(import_id::text))::uuid
          from emag_documents
         group by seller_id, made_on, currency
        having count(*) filter (where kind = 'dp') > 0) s
  left join (select settlement_kind, settlement_key, sum(i.amount) as paid,
                    max(t.transaction_date) as paid_on,
                    string_agg(t.op_reference, ', ' order by t.transaction_date, t.transaction_hash)
                        as op_reference
               from settlement_payments i
               left join bank_transactions t on t.transaction_hash = i.transaction_hash collate "C"
              where i.amount <> 0
              group by settlement_kind, settlement_key) p
    on p.settlement_kind = s.kind and p.settlement_key = s.key collate "C";

-- What known senders pay is looked for after each import, among far more other entries.
create index if not exists bank_transactions_credit_idx on bank_transactions (source, transaction_date)
  where source <> 'Altul';
