-- Which services a company has credentials for: what to name beside one that it has not.
select service_type from public.api_credentials where company_id = $1 order by 1
