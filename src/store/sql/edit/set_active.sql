-- Lets files into a company again, or lets none in any more.
update public.companies set is_active = $2 where slug = $1
