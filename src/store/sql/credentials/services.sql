-- Which services a company has credentials for: an error names them where the service asked for has
-- none.
select service_type from public.api_credentials where company_id = $1 order by 1
