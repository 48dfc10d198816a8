-- Puts the digest of a new password in the place of a user's old one.
update public.users set password_hash = $2 where id = $1
