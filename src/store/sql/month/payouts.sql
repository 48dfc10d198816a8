-- The kinds of the documents that each payout of eMag has, payouts without a list of orders too.
select seller_id::text, made_on::date, string_agg(kind::text, ' ' order by kind)
  from emag_documents
 where seller_id is not null and made_on between '1900-01-01' and '2200-12-31' and kind is not null
 group by seller_id, made_on
 order by made_on, seller_id
