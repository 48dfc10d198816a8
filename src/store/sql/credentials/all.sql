-- Every row. As text, since any JSON at all may stand there.
select a.id, c.slug as company, a.company_id, a.service_type as service,
       a.credentials::text as stored
  from public.api_credentials a
  join public.companies c on c.id = a.company_id
 order by c.slug, a.service_type
