-- Takes away what somebody else left on a pooled connection: a temporary table could be taken for
-- the company's own table of that name, and an open cursor still has the rows of whoever opened it.
close all;
discard temp;
