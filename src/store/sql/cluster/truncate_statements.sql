-- The statements, quoted by the server, that remove from this node what tables of the schema held
-- before they were given to another node.
select format('select pg_catalog.truncate_local_data_after_distributing_table(%s::regclass)',
              quote_literal(logicalrelid::oid))
  from pg_catalog.pg_dist_partition
  join pg_catalog.pg_class on pg_class.oid = logicalrelid
 where relnamespace = $1::regnamespace and relkind = 'r'
