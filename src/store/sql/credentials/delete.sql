-- Takes the credentials of a service away.
delete from public.api_credentials where company_id = $1 and service_type = $2
