-- A company as the registry has it, active or not, and what belongs to it, as JSON that the server
-- makes: exact, and with the columns that the platform has added. Credentials stay sealed.
select c.schema_name, to_jsonb(c)::text as company,
       array(select to_jsonb(u)::text from public.users u
              where u.company_id = c.id order by u.id) as users,
       array(select to_jsonb(k)::text from public.api_credentials k
              where k.company_id = c.id order by k.id) as credentials,
       current_setting('server_version') as server,
       current_setting('server_version_num')::int / 10000 as server_major
  from public.companies c
 where c.slug = $1
