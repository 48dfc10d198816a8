-- The shop's own books, written by the platform: invoices, products, sales.

create table invoices (
    id             uuid primary key default gen_random_uuid(),
    oblio_id       text collate "C" not null unique,
    series_name    text,
    invoice_number text,
    issue_date     date,
    due_date       date,
    currency       text,
    total          numeric(18, 2),
    invoice_type   text check (invoice_type in ('Normala', 'Storno', 'Stornata')),
    is_canceled    boolean not null default false,
    is_collected   boolean not null default false,
    client_name    text,
    client_cif     text,
    client_address text,
    client_city    text,
    client_state   text,
    client_country text,
    client_phone   text,
    client_email   text,
    pdf_link       text,
    einvoice_link  text,
    created_at     timestamptz not null default now(),
    updated_at     timestamptz not null default now(),
    import_id      uuid,
    source_line    integer
);

create index invoices_date_idx on invoices (issue_date);

create table products (
    id                  uuid primary key default gen_random_uuid(),
    sku                 text collate "C" not null unique,
    name                text,
    category            text,
    purchase_price      numeric(18, 2),
    avg_selling_price   numeric(18, 2),
    total_quantity_sold numeric,
    total_revenue       numeric(18, 2),
    profit_margin       numeric(18, 2),
    last_sale_date      date,
    updated_at          timestamptz not null default now(),
    import_id           uuid,
    source_line         integer
);

create table product_sales (
    id           uuid primary key default gen_random_uuid(),
    sale_hash    text collate "C" not null unique,
    oblio_id     text,
    sku          text,
    product_name text,
    quantity     numeric,
    unit_price   numeric(18, 2),
    total        numeric(18, 2),
    sale_date    date,
    import_id    uuid,
    source_line  integer
);

create index product_sales_date_idx on product_sales (sale_date);

create table bonuri_procesate (
    id             uuid primary key default gen_random_uuid(),
    sku            text collate "C" not null,
    order_number   text collate "C" not null,
    nume_produs    text,
    cantitate      numeric,
    order_id       text,
    data_procesare timestamptz,
    created_at     timestamptz not null default now(),
    import_id      uuid,
    source_line    integer,
    unique (sku, order_number)
);
