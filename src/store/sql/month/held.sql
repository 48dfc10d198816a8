-- How many held rows nobody has settled, and how many ties by hand wait for a row that is gone.
select (select count(*) from held_rows where resolved_at is null),
       (select count(*) from settlement_payments where settlement_kind like 'waiting/%')
