-- Sets back what a statement that is kept has set for the session: a ROLLBACK would, a COMMIT does not.
reset all;
