-- Settlements and credits of which somebody said that they do not belong together.
select settlement_kind, settlement_key, transaction_hash from settlement_payments where amount = 0
