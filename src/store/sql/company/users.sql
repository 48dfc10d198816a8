-- The users who may look after the company, without the digests of their passwords.
select username, display_name, role, is_active, created_at
  from public.users
 where company_id = $1
 order by username
