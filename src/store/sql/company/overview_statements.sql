-- For each company, or the one of a slug: the statements, quoted by the server, that count its rows and
-- that tell how many tables and bytes it has. A company whose tables are missing has these too; they
-- count the tables that are there.
--
-- Each company has statements of its own, over its own tables alone, so that on a cluster one node
-- answers them, and so that a table that somebody has locked keeps nobody from the other companies. The
-- query here goes through the catalog once for all companies, since the catalog has no index by
-- schema, and takes no lock on any table. On a cluster the node that has a table tells its size.
select c.slug,
       'select max(version)::bigint, coalesce(sum(n), 0)::bigint, max(last_import)::timestamptz from ('
       || 'select null::bigint as version, null::bigint as n, null::timestamptz as last_import'
       || coalesce(string_agg(case r.relname
               when 'vama_migrations'
               then format(' union all select max(version), null, null from %I.%I',
                           n.nspname, r.relname)
               when 'sync_logs'
               then format(' union all select null, count(*), max(finished_at)'
                           ' filter (where status = ''completed'') from %I.%I',
                           n.nspname, r.relname)
               else format(' union all select null, count(*), null from %I.%I',
                           n.nspname, r.relname)
               end, '') filter (where r.oid is not null), '')
       || ') as facts' as rows,
       format('select %s::bigint, coalesce(sum(%s), 0)::bigint'
              ' from pg_catalog.unnest(array[%s]::oid[]) as it',
              count(r.oid) filter (where r.relname <> 'vama_migrations'),
              case when to_regclass('pg_catalog.pg_dist_partition') is null
                   then 'pg_catalog.pg_total_relation_size(it)'
                   else 'case when exists (select from pg_catalog.pg_dist_partition'
                        ' where logicalrelid = it)'
                        ' then pg_catalog.citus_total_relation_size(it::regclass)'
                        ' else pg_catalog.pg_total_relation_size(it) end' end,
              string_agg(r.oid::text, ',')) as tables
  from public.companies c
  left join pg_catalog.pg_namespace n on n.nspname = c.schema_name
  left join pg_catalog.pg_class r on r.relnamespace = n.oid and r.relkind in ('r', 'p')
                                     and not r.relispartition
 where $1::text is null or c.slug = $1
 group by c.slug
 order by c.slug
