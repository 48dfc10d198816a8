-- The statements that make a company's role and keep it inside its schema, quoted by the server. It may
-- read and write rows, and change no table. They may be run again: what a migration of another user made
-- becomes the role's too.
select unnest(array[
    case when not $2 then format('create role %I nologin', 'vama_' || $1) end,
    case when $3 then format('grant %I to current_user', 'vama_' || $1) end,
    format('grant usage on schema %I to %I', $1, 'vama_' || $1),
    format('grant select, insert, update, delete on all tables in schema %I to %I', $1, 'vama_' || $1),
    format('grant all on all sequences in schema %I to %I', $1, 'vama_' || $1),
    format('alter default privileges in schema %I'
           ' grant select, insert, update, delete on tables to %I', $1, 'vama_' || $1),
    format('alter default privileges in schema %I grant all on sequences to %I', $1, 'vama_' || $1)
]) as statement
