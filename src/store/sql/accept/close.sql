-- Closes a held row, or all of its settlement.
update held_rows set resolved_at = now(), resolution = $3
 where import_id = $1::uuid and resolved_at is null
   and (id = $4::uuid or settlement_key = $2)
