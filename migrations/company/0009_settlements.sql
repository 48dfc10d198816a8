-- Bank statements are kept, each entry knows its own, so that a missing piece can be told. Couriers
-- other than GLS, and eMag's documents. Which credit pays which settlement.

create table if not exists bank_statements (
    id               uuid primary key default gen_random_uuid(),
    statement_hash   text collate "C" not null unique,
    account_iban     text,
    currency         text not null,
    statement_number text,
    opening_date     date,
    opening_balance  numeric(18, 2) not null,
    closing_date     date,
    closing_balance  numeric(18, 2) not null,
    entries          integer not null,
    format           text,
    file_name        text,
    synced_at        timestamptz not null default now(),
    import_id        uuid,
    source_line      integer
);

create index if not exists bank_statements_account_idx on bank_statements (account_iban, closing_date);
create index if not exists bank_statements_import_idx on bank_statements (import_id);

-- No foreign key: a check a row would slow the load.
alter table bank_transactions add column if not exists statement_id uuid;

-- A held entry closes by itself when its statement comes in whole, or a booked statement over its day.
alter table held_rows add column if not exists account_iban text;
alter table held_rows add column if not exists currency text;
alter table held_rows add column if not exists value_date date;
alter table held_rows add column if not exists statement_id uuid;

create table if not exists courier_borderouri (
    id            uuid primary key default gen_random_uuid(),
    borderou_hash text collate "C" not null unique,
    courier       text not null,
    number        text,
    borderou_date date not null,
    period_from   date,
    period_to     date,
    client_name   text,
    account_iban  text,
    currency      text not null,
    total_amount  numeric(18, 2) not null,
    parcels_count integer not null,
    source        text,
    file_name     text,
    email_date    timestamptz,
    email_subject text,
    op_reference  text,
    op_date       date,
    op_matched    boolean not null default false,
    created_at    timestamptz not null default now(),
    import_id     uuid,
    source_line   integer
);

create index if not exists courier_borderouri_date_idx on courier_borderouri (borderou_date);
create index if not exists courier_borderouri_import_idx on courier_borderouri (import_id);

create table if not exists courier_borderou_parcels (
    id                uuid primary key default gen_random_uuid(),
    parcel_hash       text collate "C" not null unique,
    borderou_id       uuid not null references courier_borderouri (id) on delete cascade,
    awb_number        text not null,
    reference         text,
    cod_reference     text,
    delivery_date     date,
    cod_amount        numeric(18, 2) not null,
    currency          text not null,
    recipient_name    text,
    recipient_address text,
    import_id         uuid,
    source_line       integer
);

create index if not exists courier_borderou_parcels_borderou_idx on courier_borderou_parcels (borderou_id);
create index if not exists courier_borderou_parcels_import_idx on courier_borderou_parcels (import_id);

-- A borderou that comes again with another amount is known by the parcels that it has in common with a
-- stored one.
create index if not exists gls_borderou_parcels_number_idx on gls_borderou_parcels (parcel_number);
create index if not exists courier_borderou_parcels_number_idx on courier_borderou_parcels (awb_number);
create index if not exists held_rows_conflicts_idx on held_rows (table_name, row_key)
  where resolved_at is null and kind = 'conflict';

-- Whether rows of a company are gone is asked before each import.
create index if not exists sync_logs_gone_idx on sync_logs (number)
  where status = 'undone' or details ? 'read_again';

-- The rows that a held row stands for, by table and column, so that they can be let in; and the key of
-- the borderou, batch or payout that is held as a whole, which the row belongs to.
alter table held_rows add column if not exists record_rows text;
alter table held_rows add column if not exists settlement_key text collate "C";

create table if not exists emag_documents (
    id            uuid primary key default gen_random_uuid(),
    document_hash text collate "C" not null unique,
    kind          text not null check (kind in ('dp', 'dc', 'dccd', 'dcco', 'dcs', 'ded', 'dy', 'dv', 'dvs')),
    document_id   text not null,
    seller_id     text not null,
    made_on       date not null,
    period_from   date,
    period_to     date,
    month         text,
    currency      text not null default 'RON',
    net           numeric(18, 2),
    vat_rate      numeric(5, 2),
    gross         numeric(18, 2),
    vouchers      numeric(18, 2),
    lines         integer not null,
    file_name     text,
    email_date    timestamptz,
    email_subject text,
    synced_at     timestamptz not null default now(),
    import_id     uuid,
    source_line   integer
);

create index if not exists emag_documents_date_idx on emag_documents (seller_id, made_on);
create index if not exists emag_documents_import_idx on emag_documents (import_id);

create table if not exists emag_lines (
    id             uuid primary key default gen_random_uuid(),
    line_hash      text collate "C" not null unique,
    document_id    uuid not null references emag_documents (id) on delete cascade,
    order_id       text,
    kind           text,
    amount         numeric(18, 2) not null,
    payment_method text,
    client_name    text,
    ordered_at     timestamptz,
    import_id      uuid,
    source_line    integer
);

create index if not exists emag_lines_document_idx on emag_lines (document_id);
create index if not exists emag_lines_import_idx on emag_lines (import_id);

-- A credit may pay several settlements, a settlement may be paid by several credits.
create table if not exists settlement_payments (
    id              uuid primary key default gen_random_uuid(),
    settlement_kind text not null,
    settlement_key  text collate "C" not null,
    transaction_hash text collate "C" not null,
    amount          numeric(18, 2) not null,
    rule            text not null check (rule in ('named', 'exact', 'sum', 'documents', 'by_hand')),
    tied_at         timestamptz not null default now(),
    tied_by         text,
    unique (settlement_kind, settlement_key, transaction_hash)
);

create index if not exists settlement_payments_transaction_idx on settlement_payments (transaction_hash);
