-- The statements that make a company's role, which nobody signs in as, and let this user take it,
-- quoted by the server. Only on a cluster with further nodes the role may sign in, without a
-- password: the cluster connects to these nodes under the role, if they let it.
select unnest(array[
    case when not $2 then format('create role %I %s', 'vama_' || $1,
                                 case when $4 then 'login' else 'nologin' end) end,
    case when $5 then format('alter role %I login', 'vama_' || $1) end,
    case when $3 then format('grant %I to current_user', 'vama_' || $1) end
]) as statement
