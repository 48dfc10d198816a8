-- Digests of passwords and sealed credentials are for who owns the registry alone, and for roles that
-- bypass row-level security, as a platform's own service does. A platform that gives every table of public
-- to its visitors' roles, as Supabase does, would show them otherwise.

alter table public.users enable row level security;
alter table public.api_credentials enable row level security;
