-- The statements that take a company from a role again, quoted by the server.
select unnest(array[
    format('alter default privileges in schema %I revoke all on sequences from %I', $1, $2),
    format('alter default privileges in schema %I revoke all on tables from %I', $1, $2),
    format('revoke all on all sequences in schema %I from %I', $1, $2),
    format('revoke all on all tables in schema %I from %I', $1, $2),
    format('revoke all on schema %I from %I', $1, $2)
]) as statement
