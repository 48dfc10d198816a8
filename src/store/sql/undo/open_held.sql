-- Opens the held rows again that this import had settled.
update held_rows set resolved_at = null, resolution = null, resolved_by = null
 where resolved_by = $1::uuid
