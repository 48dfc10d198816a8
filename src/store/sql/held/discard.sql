-- Closes a held row that is not to come in, with the reason; of a settlement that is held as a whole,
-- all of it.
update held_rows h
   set resolved_at = now(), resolution = 'discarded: ' || $2
 where h.resolved_at is null
   and (h.id = $1
        or exists (select from held_rows it
                    where it.id = $1 and it.import_id = h.import_id
                      and it.settlement_key = h.settlement_key))
