-- Takes a stored line out of its payout document.
delete from emag_lines where line_hash = $1
