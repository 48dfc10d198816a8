-- The imports that came by an account. An import whose file was read again keeps its digest in the
-- details alone.
select number, sync_type as format, coalesce(file_names[1], '') as file,
       coalesce(file_sha256, details ->> 'sha256', '') as sha256,
       details ->> 'inbox' as inbox, details ->> 'container' as container,
       details ->> 'member' as member,
       array(select jsonb_array_elements_text(
                 case jsonb_typeof(details -> 'accounts') when 'array' then details -> 'accounts'
                      else '[]' end)) as accounts,
       array(select jsonb_array_elements_text(
                 case jsonb_typeof(details -> 'aliases') when 'array' then details -> 'aliases'
                      else '[]' end)) as aliases,
       coalesce(details -> 'accepted_unbalanced' ->> 0, '') <> '' as was_accepted_unbalanced
  from sync_logs
 where status = 'completed' and (details -> 'accounts' ? $1 or details -> 'aliases' ? $1)
 order by number
