-- Who may look after the company; never their passwords' digests.
select username, display_name, role, is_active, created_at
  from public.users
 where company_id = $1
 order by username
