-- Makes the company's first user, an admin of the platform.
insert into public.users (id, username, username_hash, password_hash, display_name, company_id, role)
values ($1, $2, $3, $4, $5, $6, 'admin')
