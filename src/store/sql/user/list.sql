-- The users of a company, or of all and of none, without the digests of their passwords.
select c.slug as company, u.username, u.display_name, u.role, u.is_active, u.created_at
  from public.users u
  left join public.companies c on c.id = u.company_id
 where $1::uuid is null or u.company_id = $1
 order by c.slug collate "C", u.username collate "C"
