-- Whether rows of the company are gone: an import was undone, or read again since rows of it were.
select exists (select from sync_logs where status = 'undone' or details ? 'read_again')
