-- The registry: which companies there are, who may look after them, and their sealed credentials.

create table public.companies (
    id          uuid primary key default gen_random_uuid(),
    name        text not null,
    slug        text not null unique check (slug ~ '^[a-z][a-z0-9-]{1,40}$'),
    schema_name text not null unique,
    cif         text not null unique,
    industry    text,
    logo_url    text,
    is_active   boolean not null default true,
    -- settings.accounts lists what routes a file here: IBANs, gls:<client number>, netopia:<terminal id>.
    settings    jsonb not null default '{"accounts": []}',
    created_at  timestamptz not null default now()
);

create table public.api_credentials (
    id           uuid primary key default gen_random_uuid(),
    company_id   uuid not null references public.companies (id),
    service_type text not null check (service_type in
                     ('oblio', 'gls', 'sameday', 'netopia', 'imap', 'smtp', 'cloudinary', 'gomag')),
    credentials  jsonb not null,
    created_at   timestamptz not null default now(),
    updated_at   timestamptz not null default now(),
    unique (company_id, service_type)
);

create table public.users (
    id            uuid primary key default gen_random_uuid(),
    username      text not null,
    username_hash text not null unique,
    password_hash text not null,
    display_name  text,
    company_id    uuid references public.companies (id),
    role          text not null default 'user' check (role in ('admin', 'user', 'viewer')),
    is_active     boolean not null default true,
    created_at    timestamptz not null default now()
);
