-- Orders and invoices change, so what each export says of each is kept. `orders` and `invoices` have what
-- the newest export says: whatever came first, and whatever is undone.

create table if not exists orders (
    id             uuid primary key default gen_random_uuid(),
    channel        text collate "C" not null,
    order_number   text collate "C" not null,
    ordered_at     timestamptz,
    status         text,
    payment_method text,
    client_name    text,
    client_cif     text,
    total          numeric(18, 2) not null,
    currency       text not null default 'RON',
    awb_number     text collate "C",
    invoice_series text,
    invoice_number text,
    invoice_date   date,
    as_of          timestamptz,
    synced_at      timestamptz not null default now(),
    import_id      uuid,
    source_line    integer,
    unique (channel, order_number)
);

create index if not exists orders_number_idx on orders (order_number);
create index if not exists orders_awb_idx on orders (awb_number);
create index if not exists orders_date_idx on orders (ordered_at);
create index if not exists orders_import_idx on orders (import_id);

-- A row a record of an export: each import has its own, so that undoing it takes nothing away that
-- another one says too. `progress` decides between exports that state the same newest moment.
create table if not exists order_states (
    id             uuid primary key default gen_random_uuid(),
    state_hash     text collate "C" not null,
    channel        text collate "C" not null,
    order_number   text collate "C" not null,
    ordered_at     timestamptz,
    status         text,
    payment_method text,
    client_name    text,
    client_cif     text,
    total          numeric(18, 2) not null,
    currency       text not null,
    awb_number     text collate "C",
    invoice_series text,
    invoice_number text,
    invoice_date   date,
    as_of          timestamptz,
    progress       integer not null default 0,
    import_id      uuid,
    source_line    integer,
    unique (state_hash, import_id)
);

create index if not exists order_states_order_idx on order_states (order_number, channel);
create index if not exists order_states_import_idx on order_states (import_id);

-- A row a record of a report; without import, what the platform's own sync had stored before.
-- `invoice_key` is the series in capitals and the number without zeros before it, a bar between.
create table if not exists invoice_states (
    id             uuid primary key default gen_random_uuid(),
    state_hash     text collate "C" not null,
    invoice_key    text collate "C" not null,
    series_name    text,
    invoice_number text,
    issue_date     date,
    due_date       date,
    currency       text,
    total          numeric(18, 2),
    invoice_type   text,
    is_canceled    boolean,
    is_collected   boolean,
    client_name    text,
    client_cif     text,
    client_address text,
    client_city    text,
    client_state   text,
    client_country text,
    client_phone   text,
    client_email   text,
    as_of          timestamptz,
    progress       integer not null default 0,
    import_id      uuid,
    source_line    integer,
    unique (state_hash, import_id)
);

create index if not exists invoice_states_invoice_idx on invoice_states (invoice_key);
create index if not exists invoice_states_import_idx on invoice_states (import_id);

alter table invoices add column if not exists as_of timestamptz;

-- An order names its invoice by series and number. The platform may keep numbers as numbers.
create index if not exists invoices_number_idx on invoices (ltrim(invoice_number::text, '0'));
create index if not exists invoices_import_idx on invoices (import_id);
create index if not exists product_sales_import_idx on product_sales (import_id);
create index if not exists products_import_idx on products (import_id);

-- Lines of settlements are found by the order that they name.
create index if not exists netopia_transactions_order_idx on netopia_transactions (order_id);
create index if not exists emag_lines_order_idx on emag_lines (order_id);
