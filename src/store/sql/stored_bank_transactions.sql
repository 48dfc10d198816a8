-- What is stored under these keys, and what it says, in the order of store/load/stored.rs, whatever
-- types the platform gave its columns. The reference is that in the key only in rows that vama
-- wrote.
select transaction_hash::text, account_iban::text, currency::text, transaction_date::date,
       amount::numeric, case when import_id is not null then op_reference::text end,
       booking_date::date, details::text, statement_id
  from bank_transactions
 where transaction_hash = any($1)
