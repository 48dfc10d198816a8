-- Takes away what a statement left on the connection, before the transaction ends: a pooler gives
-- the connection to somebody else. With the temporary objects go vama's own functions.
--
-- It is also the last part of the fence, since COMMIT runs with the rights of the connection
-- itself. At COMMIT a cursor WITH HOLD would run its query, so cursors are closed. At COMMIT a
-- deferred trigger would run too: a temporary table or function with such a trigger waiting cannot
-- be dropped, so this script fails.
close all;
discard temp;
unlisten *;
select pg_catalog.pg_advisory_unlock_all();
select pg_catalog.set_config('search_path', 'pg_catalog', true);
