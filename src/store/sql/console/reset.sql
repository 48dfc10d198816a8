-- Sets back the session's settings that a committed statement has changed: a ROLLBACK sets them
-- back, a COMMIT does not.
reset all;
