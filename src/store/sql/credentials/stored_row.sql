-- What a row has now, to prove that it opens.
select credentials::text from public.api_credentials where id = $1
