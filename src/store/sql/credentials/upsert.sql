-- Stores sealed credentials, in the place of earlier ones; returns whether there were earlier ones.
insert into public.api_credentials as it (company_id, service_type, credentials)
values ($1, $2, $3)
    on conflict (company_id, service_type)
    do update set credentials = excluded.credentials, updated_at = pg_catalog.now()
returning it.created_at < it.updated_at
