//! Netopia batches → `netopia_batches` and `netopia_transactions`.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::record::{Batch, Operation, OperationKind};
use crate::row::{
    ColumnWriter, Head, Line, Row, Said, Stamp, Table, WRITER, clean, month_of, tidy,
};
use crate::value::normalize::{amount_text, to_ban};

/// The head of a batch: one transfer of Netopia to the shop.
#[derive(Debug)]
pub struct BatchRow {
    batch_id: String,
    report_id: Option<String>,
    paid_on: NaiveDate,
    currency: String,
    transactions_count: u32,
    total: Decimal,
    fees: Decimal,
    net: Decimal,
    line: u32,
}

/// One operation of a batch.
#[derive(Debug)]
pub struct OperationRow {
    transaction_id: String,
    batch_id: String,
    netopia_id: String,
    kind: &'static str,
    merchant: Option<String>,
    terminal_id: Option<String>,
    at: NaiveDateTime,
    amount: Decimal,
    fee: Decimal,
    vat: Decimal,
    net: Decimal,
    currency: String,
    order_id: Option<String>,
    payer_name: Option<String>,
    rrn: Option<String>,
    report_month: String,
    raw: String,
    line: u32,
}

/// Returns the rows of a batch: its head and its operations with their keys.
///
/// Sums are rounded to the ban once, at the end, as Netopia rounds its transfer.
pub fn batch_rows(batch: &Batch) -> (BatchRow, Vec<OperationRow>) {
    let sum = |of: fn(&Operation) -> Decimal| to_ban(batch.operations.iter().map(of).sum());
    let head = BatchRow {
        batch_id: tidy(&batch.batch_id),
        report_id: clean(batch.report_id.as_deref()),
        paid_on: batch.paid_on,
        currency: batch.currency.to_string(),
        transactions_count: u32::try_from(batch.operations.len()).unwrap_or(u32::MAX),
        total: sum(|it| it.amount),
        fees: sum(|it| it.fee + it.vat),
        net: to_ban(batch.net),
        line: batch.line,
    };
    let mut payout_fees = 0;
    let operations = batch.operations.iter().map(|operation| {
        payout_fees += u32::from(operation.kind == OperationKind::PayoutFee);
        operation_row(batch, operation, payout_fees)
    });
    (head, operations.collect())
}

fn operation_row(batch: &Batch, operation: &Operation, payout_fees: u32) -> OperationRow {
    OperationRow {
        transaction_id: transaction_id(batch, operation, payout_fees),
        batch_id: tidy(&batch.batch_id),
        netopia_id: tidy(&operation.netopia_id),
        kind: kind(operation.kind),
        merchant: clean(operation.merchant.as_deref()),
        terminal_id: clean(operation.terminal_id.as_deref()),
        at: operation.at,
        amount: operation.amount,
        fee: operation.fee,
        vat: operation.vat,
        net: operation.net(),
        currency: operation.currency.to_string(),
        order_id: clean(operation.order_id.as_deref()),
        payer_name: clean(operation.payer_name.as_deref()),
        rrn: clean(operation.rrn.as_deref()),
        report_month: month_of(batch.paid_on),
        raw: operation.raw.clone(),
        line: operation.line,
    }
}

fn kind(kind: OperationKind) -> &'static str {
    match kind {
        OperationKind::Payment => "payment",
        OperationKind::Refund => "refund",
        OperationKind::PayoutFee => "payout_fee",
        OperationKind::FeeReturn => "fee_return",
    }
}

/// Returns the natural key of an operation.
///
/// A refund, and a fee that comes back alone, has its payment's `Id` and may come in a later batch,
/// so its moment is part of its key. A second payout fee of one batch (none was seen so far) would end in `-FEE#2`.
fn transaction_id(batch: &Batch, operation: &Operation, payout_fees: u32) -> String {
    let with_moment = |mark: char| {
        format!("{}-{mark}{}", tidy(&operation.netopia_id), operation.at.format("%Y%m%d%H%M%S"))
    };
    match operation.kind {
        OperationKind::Payment => tidy(&operation.netopia_id),
        OperationKind::Refund => with_moment('R'),
        OperationKind::FeeReturn => with_moment('F'),
        OperationKind::PayoutFee if payout_fees > 1 => {
            format!("{}-FEE#{payout_fees}", tidy(&batch.batch_id))
        }
        OperationKind::PayoutFee => format!("{}-FEE", tidy(&batch.batch_id)),
    }
}

fn exact(amount: Decimal) -> String {
    format!("{amount:.5}")
}

impl Row for BatchRow {
    const TABLE: Table = Table::NetopiaBatches;
    const SAYS: &'static [&'static str] = &["day of payment", "currency", "net amount"];

    fn key(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.batch_id)
    }

    fn says(&self) -> Said {
        let firm =
            [Some(&*self.paid_on.to_string()), Some(&self.currency), Some(&amount_text(self.net))];
        Said::of(&firm, &[])
    }

    fn raw(&self) -> (Cow<'_, str>, u32) {
        let raw = format!("{}\t{}\t{}", self.batch_id, self.paid_on, amount_text(self.net));
        (Cow::Owned(raw), self.line)
    }

    fn put(&self, id: Uuid, stamp: &Stamp, out: &mut impl ColumnWriter) {
        out.uuid(id);
        out.text(Some(&self.batch_id));
        out.text(self.report_id.as_deref());
        out.text(Some(&month_of(self.paid_on)));
        out.date(Some(self.paid_on));
        out.text(Some(&self.currency));
        out.int(self.transactions_count);
        out.decimal(self.total);
        out.decimal(self.fees);
        out.decimal(self.net);
        out.text(Some(&stamp.file_name));
        stamp.put_mail(out);
        out.uuid(stamp.import_id);
        out.int(self.line);
    }
}

impl Head for BatchRow {
    fn says_briefly(&self) -> String {
        format!("{}, {} {}", self.paid_on, amount_text(self.net), self.currency)
    }
}

impl Line for OperationRow {
    fn name(&self) -> &str {
        &self.transaction_id
    }

    fn says_briefly(&self) -> String {
        format!("{}, fee {}, VAT {}", exact(self.amount), exact(self.fee), exact(self.vat))
    }

    /// Does nothing: the row has the number of its batch already.
    fn belongs_to(&mut self, _head: Uuid) {}
}

impl Row for OperationRow {
    const TABLE: Table = Table::NetopiaTransactions;
    const SAYS: &'static [&'static str] =
        &["batch", "kind", "moment", "amount", "fee", "VAT", "currency", "merchant", "terminal"];

    fn key(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.transaction_id)
    }

    fn says(&self) -> Said {
        let firm = [
            Some(self.batch_id.as_str()),
            Some(self.kind),
            Some(&self.at.to_string()),
            Some(&exact(self.amount)),
            Some(&exact(self.fee)),
            Some(&exact(self.vat)),
            Some(&self.currency),
            self.merchant.as_deref(),
            self.terminal_id.as_deref(),
        ];
        Said::of(&firm, &[])
    }

    fn raw(&self) -> (Cow<'_, str>, u32) {
        (Cow::Borrowed(&self.raw), self.line)
    }

    fn put(&self, id: Uuid, stamp: &Stamp, out: &mut impl ColumnWriter) {
        out.uuid(id);
        out.text(Some(&self.transaction_id));
        out.text(Some(&self.batch_id));
        out.text(Some(&self.netopia_id));
        out.text(Some(self.kind));
        out.text(self.merchant.as_deref());
        out.text(self.terminal_id.as_deref());
        out.moment(self.at);
        out.decimal(self.amount);
        out.decimal(self.fee);
        out.decimal(self.vat);
        out.decimal(self.net);
        out.text(Some(&self.currency));
        out.text(self.order_id.as_deref());
        out.text(self.payer_name.as_deref());
        out.text(self.rrn.as_deref());
        out.text(Some(&self.report_month));
        out.text(Some(WRITER));
        out.uuid(stamp.import_id);
        out.int(self.line);
    }
}
