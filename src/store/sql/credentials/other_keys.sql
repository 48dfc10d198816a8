-- The fingerprints of other keys under which credentials are sealed. The row that is to be written
-- is left out, and rows without a fingerprint, which the platform may have written.
select distinct credentials ->> 'kid'
  from public.api_credentials
 where jsonb_typeof(credentials -> 'kid') = 'string' and credentials ->> 'kid' <> $1
   and (company_id, service_type) <> ($2, $3)
 order by 1
