-- Takes a company out of the registry; one that differs in anything is another one, and stays.
delete from public.companies where slug = $1 and schema_name = $2 and cif = $3 and name = $4
