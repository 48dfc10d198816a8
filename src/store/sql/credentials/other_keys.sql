-- The fingerprints of other keys under which credentials are sealed, the row that is to be written left
-- out. A row that the platform wrote may have none.
select distinct credentials ->> 'kid'
  from public.api_credentials
 where jsonb_typeof(credentials -> 'kid') = 'string' and credentials ->> 'kid' <> $1
   and (company_id, service_type) <> ($2, $3)
 order by 1
