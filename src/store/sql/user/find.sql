-- The user of a name. The digest of the name counts, as where users sign in; a row of the platform's whose
-- digest was made otherwise is found by the name as it is listed.
select u.id, c.slug as company, u.username, u.display_name, u.role, u.is_active, u.created_at,
       u.role = 'admin' and u.is_active and u.company_id is not null and not exists (
           select from public.users o
            where o.company_id = u.company_id and o.id <> u.id and o.role = 'admin' and o.is_active
       ) as is_last_admin
  from public.users u
  left join public.companies c on c.id = u.company_id
 where (u.username_hash = $1 or u.username = $2) and ($3::text is null or c.slug = $3)
 order by u.username_hash = $1 desc, u.id
 limit 1
