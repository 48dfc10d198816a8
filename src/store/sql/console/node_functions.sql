-- A function of a cluster that runs a command over a connection of its own, which no setting of this
-- transaction keeps from writing, and that the role which works here may run.
select proname::text
  from pg_catalog.pg_proc
 where pronamespace = 'pg_catalog'::regnamespace
   and (proname like 'run\_command\_on\_%' or proname = 'master_run_on_worker')
   and pg_catalog.has_function_privilege(oid, 'execute')
 order by proname
 limit 1
