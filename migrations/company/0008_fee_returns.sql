-- Netopia sometimes gives a fee back alone: the payment, or its refund, stands in another batch. Such
-- an operation is of a kind of its own.

alter table netopia_transactions drop constraint if exists netopia_transactions_kind_check;
alter table netopia_transactions add constraint netopia_transactions_kind_check
    check (kind in ('payment', 'refund', 'payout_fee', 'fee_return'));
