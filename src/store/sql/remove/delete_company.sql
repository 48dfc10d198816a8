-- Takes a company out of the registry, with its users and its sealed credentials.
with users as (
    delete from public.users where company_id = $1 returning id
), credentials as (
    delete from public.api_credentials where company_id = $1 returning id
), company as (
    delete from public.companies where id = $1 returning id
)
select (select count(*) from users), (select count(*) from credentials),
       (select count(*) from company)
