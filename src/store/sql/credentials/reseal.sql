-- Stores in a row the credentials that were sealed anew; the row's company and service stay.
update public.api_credentials set credentials = $2, updated_at = pg_catalog.now() where id = $1
