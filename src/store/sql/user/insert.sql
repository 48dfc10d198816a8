-- Makes a user of the platform, who may look after a company.
insert into public.users (id, username, username_hash, password_hash, display_name, company_id, role)
values ($1, $2, $3, $4, $5, $6, $7)
