-- The statements that keep a company's role inside its schema, quoted by the server. It may read and
-- write rows, and change no table. They may be run again: what a migration of another user made becomes
-- the role's too.
select unnest(array[
    format('grant usage on schema %I to %I', $1, 'vama_' || $1),
    format('grant select, insert, update, delete on all tables in schema %I to %I', $1, 'vama_' || $1),
    format('grant all on all sequences in schema %I to %I', $1, 'vama_' || $1),
    format('alter default privileges in schema %I'
           ' grant select, insert, update, delete on tables to %I', $1, 'vama_' || $1),
    format('alter default privileges in schema %I grant all on sequences to %I', $1, 'vama_' || $1)
]) as statement
