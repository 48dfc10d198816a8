-- Cash on delivery: the parcels, and the borderouri that pay them.

create table gls_parcels (
    id               uuid primary key default gen_random_uuid(),
    parcel_number    text collate "C" not null unique,
    cod_amount       numeric(18, 2),
    cod_currency     text,
    cod_reference    text,
    client_reference text,
    recipient_name   text,
    recipient_city   text,
    is_delivered     boolean not null default false,
    delivery_date    date,
    sync_month       text,
    source           text,
    synced_at        timestamptz not null default now(),
    import_id        uuid,
    source_line      integer
);

create index gls_parcels_date_idx on gls_parcels (delivery_date);
create index gls_parcels_import_idx on gls_parcels (import_id);

create table sameday_parcels (
    id            uuid primary key default gen_random_uuid(),
    awb_number    text collate "C" not null unique,
    cod_amount    numeric(18, 2),
    cod_currency  text,
    is_delivered  boolean not null default false,
    delivery_date date,
    county        text,
    status        text,
    sync_month    text,
    source        text,
    synced_at     timestamptz not null default now(),
    import_id     uuid,
    source_line   integer
);

create index sameday_parcels_date_idx on sameday_parcels (delivery_date);
create index sameday_parcels_import_idx on sameday_parcels (import_id);

create table gls_borderouri (
    id            uuid primary key default gen_random_uuid(),
    borderou_hash text collate "C" not null unique,
    borderou_date date not null,
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

create index gls_borderouri_date_idx on gls_borderouri (borderou_date);
create index gls_borderouri_import_idx on gls_borderouri (import_id);

create table gls_borderou_parcels (
    id                uuid primary key default gen_random_uuid(),
    parcel_hash       text collate "C" not null unique,
    borderou_id       uuid not null references gls_borderouri (id) on delete cascade,
    parcel_number     text not null,
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

create index gls_borderou_parcels_borderou_idx on gls_borderou_parcels (borderou_id);
create index gls_borderou_parcels_import_idx on gls_borderou_parcels (import_id);
