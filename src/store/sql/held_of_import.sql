-- What an import held, without the record itself: that stays in the table.
select h.kind, h.table_name, h.row_key, h.reason, h.source_line, h.resolution
  from held_rows h join sync_logs s on s.id = h.import_id
 where s.number = $1
 order by h.source_line, h.id
