-- How many held rows nobody has settled.
select count(*) from held_rows where resolved_at is null
