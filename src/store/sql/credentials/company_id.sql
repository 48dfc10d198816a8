-- Which company it is. An inactive one counts: its credentials must still be shown, sealed anew and
-- removed, since only imports stop with it.
select id from public.companies where slug = $1
