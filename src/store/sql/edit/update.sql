-- Changes what the registry says of a company; null leaves a value as it is, an empty text takes it away.
-- Of the settings only the keys that are named change: whatever else the platform has written there stays.
update public.companies
   set name = coalesce($2, name),
       cif = coalesce($3, cif),
       industry = case when $4::text is null then industry else nullif($4, '') end,
       logo_url = case when $5::text is null then logo_url else nullif($5, '') end,
       settings = case when $6::text is null then settings
                       else (case when jsonb_typeof(settings) = 'object' then settings else '{}' end
                             || $6::text::jsonb) - $7::text[] end
 where slug = $1
