-- Takes the company's role for this transaction, where there is one and this user may take it. A
-- bug in an import then cannot write into another company. From version 16 on, a member of a role
-- may not always take it, so the right to take it is asked for. The role of an inactive company is
-- not taken: what is asked next is why no company was entered.
select count(set_config('role', rolname, true)) = 1
  from pg_catalog.pg_roles
 where rolname = 'vama_' || (select schema_name from public.companies where slug = $1 and is_active) and pg_has_role(current_user, oid,
                   case when current_setting('server_version_num')::int < 160000
                        then 'MEMBER' else 'SET' end)
