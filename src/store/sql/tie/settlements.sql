-- What is owed, in the order of store/tie/books.rs. Days and amounts that no file can state are left
-- out: somebody else wrote them, and no credit pays them.
select kind::text, key::text, upper(replace(account_iban, ' ', '')), upper(coalesce(currency, 'RON')),
       dated::date, round(amount::numeric, 2)
  from settlements
 where key is not null and dated between '1900-01-01' and '2200-12-31' and amount > -1e16 and amount < 1e16
   and amount::numeric = round(amount::numeric, 2)
