-- Which credentials there are, of one company or all, without a value. A fingerprint is shown only
-- where it has the form of one: rows that are not sealed may have anything there.
select c.slug as company, a.service_type as service, a.created_at, a.updated_at,
       substring(a.credentials ->> 'kid' from '^[0-9a-f]{8}$') as kid
  from public.api_credentials a
  join public.companies c on c.id = a.company_id
 where $1::uuid is null or a.company_id = $1
 order by c.slug, a.service_type
