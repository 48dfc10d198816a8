-- What is stored under these keys, and what it says, in the order of row/borderou.rs.
select borderou_hash as key, id,
       array[account_iban, currency, to_char(borderou_date, 'YYYY-MM-DD'), total_amount::text] as firm,
       '{}'::text[] as wording
  from gls_borderouri
 where borderou_hash = any($1)
