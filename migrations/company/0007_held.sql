-- Entries that are not booked yet are held as what they are: an interim report is none of the books.
-- A held row that another import settled knows which one, so that it opens again where that import
-- is undone.

alter table held_rows drop constraint held_rows_kind_check;
alter table held_rows add constraint held_rows_kind_check
  check (kind in ('malformed', 'conflict', 'interim'));
alter table held_rows add column if not exists resolved_by uuid;

-- Each import looks for held rows that it settles.
create index if not exists held_rows_open_idx on held_rows (import_id)
  where resolved_at is null and kind <> 'conflict';
