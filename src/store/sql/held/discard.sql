-- Closes a held row of which somebody says that it is not to come in, and keeps why.
update held_rows set resolved_at = now(), resolution = 'discarded: ' || $2
 where id = $1 and resolved_at is null
