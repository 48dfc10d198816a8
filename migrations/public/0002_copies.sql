-- A copy of a company beside the original, as a restored backup may be one, cannot have the same CIF:
-- that belongs to one company of the registry. So a company may be without.
alter table public.companies alter column cif drop not null;
