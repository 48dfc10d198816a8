-- The statements that give a company to a role, tables of future migrations included, quoted by the
-- server.
select unnest(array[
    format('grant usage on schema %I to %I', $1, $2),
    format('grant all on all tables in schema %I to %I', $1, $2),
    format('grant all on all sequences in schema %I to %I', $1, $2),
    format('alter default privileges in schema %I grant all on tables to %I', $1, $2),
    format('alter default privileges in schema %I grant all on sequences to %I', $1, $2)
]) as statement
