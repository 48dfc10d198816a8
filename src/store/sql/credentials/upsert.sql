-- Stores what was sealed, in the place of what was there; returns whether something was.
insert into public.api_credentials as it (company_id, service_type, credentials)
values ($1, $2, $3)
    on conflict (company_id, service_type)
    do update set credentials = excluded.credentials, updated_at = pg_catalog.now()
returning it.created_at < it.updated_at
