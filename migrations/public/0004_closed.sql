-- Whoever may write into the registry decides into whose books a statement goes. A platform that gives every
-- table of public to its visitors' roles, as Supabase does, would let them. What they may do is taken from
-- them by each `vama migrate`, since such roles may come later; here row-level security closes what is left.
--
-- All may read which companies there are: imports look there, also under users who own nothing here. Which
-- migrations have run is for the same users, and for no visitor.

alter table public.companies enable row level security;
create policy vama_read on public.companies for select using (true);

alter table public.vama_migrations enable row level security;
create policy vama_read on public.vama_migrations for select
    using (current_user not in ('anon', 'authenticated'));
