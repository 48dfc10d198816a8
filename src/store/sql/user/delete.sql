-- Removes a user.
delete from public.users where id = $1
