-- The other companies that have a CIF. It is the same with RO and without.
select 'CIF ' || cif || ' (' || slug || ')'
  from public.companies
 where slug <> $1
   and regexp_replace(regexp_replace(upper(cif), '[[:space:]]', '', 'g'), '^RO(?=[0-9])', '')
       = regexp_replace(regexp_replace(upper($2), '[[:space:]]', '', 'g'), '^RO(?=[0-9])', '')
 order by slug
