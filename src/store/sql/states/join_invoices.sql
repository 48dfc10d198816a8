-- Takes such rows out: their states stay, and make the platform's row what they say.
delete from invoices where id in (select id from joined)
