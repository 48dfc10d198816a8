-- Bank statements, an entry a row. An amount is signed: what arrives is positive.

create table bank_transactions (
    id                  uuid primary key default gen_random_uuid(),
    transaction_hash    text collate "C" not null unique,
    transaction_date    date not null,
    booking_date        date,
    amount              numeric(18, 2) not null,
    currency            text not null,
    account_iban        text,
    transaction_type    text,
    type_code           text,
    op_reference        text,
    customer_reference  text,
    statement_number    text,
    source              text,
    batch_id            text,
    counterparty_name   text,
    counterparty_iban   text,
    counterparty_cif    text,
    details             text,
    file_name           text,
    is_income           boolean not null default false,
    is_capital_transfer boolean not null default false,
    synced_at           timestamptz not null default now(),
    import_id           uuid,
    source_line         integer
);

create index bank_transactions_date_idx on bank_transactions (transaction_date);
create index bank_transactions_import_idx on bank_transactions (import_id);

create table profit_transactions (
    id               uuid primary key default gen_random_uuid(),
    transaction_hash text collate "C" not null unique,
    transaction_date date not null,
    reference        text,
    amount           numeric(18, 2) not null,
    currency         text,
    category         text,
    source           text,
    details          text,
    import_id        uuid,
    source_line      integer
);

create index profit_transactions_date_idx on profit_transactions (transaction_date);
create index profit_transactions_import_idx on profit_transactions (import_id);
