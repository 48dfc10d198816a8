-- Takes the company's role for this transaction, where there is one and this user may.
-- A bug in an import then cannot write into another company.
select count(set_config('role', rolname, true)) = 1
  from pg_catalog.pg_roles
 where rolname = 'vama_' || $1 and pg_has_role(current_user, oid, 'MEMBER')
