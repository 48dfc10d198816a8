-- What the role that was taken owns in this database. As vama makes the role, it owns nothing; code
-- that it owned could run outside of the fence, at COMMIT or in the next import.
select pg_catalog.pg_describe_object(classid, objid, 0)
  from pg_catalog.pg_shdepend
 where deptype = 'o' and refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass
   and refobjid = (select oid from pg_catalog.pg_roles where rolname = current_user)
   and dbid = (select oid from pg_catalog.pg_database
                where datname = pg_catalog.current_database())
 order by 1
