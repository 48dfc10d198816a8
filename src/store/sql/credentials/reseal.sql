-- Stores what was sealed anew, by row: its company and service stay.
update public.api_credentials set credentials = $2, updated_at = pg_catalog.now() where id = $1
