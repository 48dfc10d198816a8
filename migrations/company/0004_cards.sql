-- Card payments: Netopia's batches and their operations. Fee and VAT are costs, positive where they
-- are paid; net = amount - fee - vat. Times are Romania's local time, as Netopia writes them.

create table netopia_batches (
    id                 uuid primary key default gen_random_uuid(),
    batch_id           text collate "C" not null unique,
    report_id          text,
    report_month       text,
    paid_on            date,
    currency           text,
    transactions_count integer,
    total_amount       numeric(18, 2),
    total_fees         numeric(18, 2),
    net_amount         numeric(18, 2),
    email_date         timestamptz,
    email_subject      text,
    file_name          text,
    op_reference       text,
    op_date            date,
    op_matched         boolean not null default false,
    synced_at          timestamptz not null default now(),
    import_id          uuid,
    source_line        integer
);

create index netopia_batches_date_idx on netopia_batches (paid_on);
create index netopia_batches_import_idx on netopia_batches (import_id);

create table netopia_transactions (
    id               uuid primary key default gen_random_uuid(),
    transaction_id   text collate "C" not null unique,
    batch_id         text not null,
    netopia_id       text,
    kind             text not null check (kind in ('payment', 'refund', 'payout_fee')),
    merchant         text,
    terminal_id      text,
    transaction_date timestamp not null,
    amount           numeric(18, 5) not null,
    fee              numeric(18, 5) not null,
    vat              numeric(18, 5) not null,
    net_amount       numeric(18, 5) not null,
    currency         text not null,
    order_id         text,
    payer_name       text,
    rrn              text,
    status           text,
    report_month     text,
    source           text,
    synced_at        timestamptz not null default now(),
    import_id        uuid,
    source_line      integer
);

create index netopia_transactions_batch_idx on netopia_transactions (batch_id);
create index netopia_transactions_date_idx on netopia_transactions (transaction_date);
create index netopia_transactions_import_idx on netopia_transactions (import_id);
