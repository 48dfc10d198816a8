-- Keeps everybody from writing credentials until the transaction ends: a row that the platform put
-- in meanwhile would stay under the old key.
lock table public.api_credentials in share row exclusive mode
