-- What is stored for a service, as text: any JSON at all may stand there, numbers without end too.
select credentials::text from public.api_credentials where company_id = $1 and service_type = $2
