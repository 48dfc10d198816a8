//! Payout documents → `emag_documents` and `emag_lines`.

use std::borrow::Cow;
use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::record::{PayoutDocument, PayoutKind, PayoutLine};
use crate::row::key::{Key, payout_key, payout_line_key};
use crate::row::{ColumnWriter, Head, Line, Row, Said, Stamp, Table, clean, month_of, tidy};
use crate::value::bucharest;
use crate::value::normalize::{amount_text, to_ban};

/// A payout document.
#[derive(Debug)]
pub struct PayoutRow {
    key: Key,
    kind: PayoutKind,
    document_id: String,
    seller_id: String,
    made_on: NaiveDate,
    period: Option<(NaiveDate, NaiveDate)>,
    month: Option<String>,
    currency: String,
    net: Option<Decimal>,
    vat_rate: Option<Decimal>,
    gross: Option<Decimal>,
    vouchers: Option<Decimal>,
    adds: Decimal,
    lines: u32,
    line: u32,
}

/// A line of a payout document.
#[derive(Debug)]
pub struct PayoutLineRow {
    key: Key,
    document: Uuid,
    name: String,
    order_id: Option<String>,
    kind: String,
    amount: Decimal,
    payment_method: Option<String>,
    client_name: Option<String>,
    ordered_at: Option<DateTime<Utc>>,
    raw: String,
    line: u32,
}

/// Returns the rows of a payout document: its head, and its lines with their keys.
///
/// What a kind does not count is NULL, so that a payout is the sum of `net` over the lists of orders,
/// less the sum of `gross + vouchers` over all documents.
pub fn payout_rows(document: &PayoutDocument) -> (PayoutRow, Vec<PayoutLineRow>) {
    use PayoutKind::{Orders, ReversedVouchers, Vouchers};
    let is_list_of_vouchers = matches!(document.kind, Vouchers | ReversedVouchers);
    let fees = |amount| (document.kind != Orders && !is_list_of_vouchers).then_some(amount);
    let head = PayoutRow {
        key: payout_key(&document.seller_id, document.kind, &document.document_id),
        kind: document.kind,
        document_id: tidy(&document.document_id),
        seller_id: tidy(&document.seller_id),
        made_on: document.made_on,
        period: document.period,
        month: document.month.map(month_of),
        currency: document.currency.to_string(),
        net: (!is_list_of_vouchers).then(|| document.net()),
        vat_rate: document.vat_rate(),
        gross: fees(document.gross()),
        vouchers: (document.kind != Orders).then(|| document.vouchers()),
        adds: document.adds(),
        lines: u32::try_from(document.lines.len()).unwrap_or(u32::MAX),
        line: document.line,
    };
    let mut seen = HashMap::new();
    let lines = document.lines.iter().map(|line| line_row(head.key, line, &mut seen)).collect();
    (head, lines)
}

/// Returns the row of a line; `seen` counts the lines so far of each name and amount.
fn line_row(
    document: Key,
    line: &PayoutLine,
    seen: &mut HashMap<(String, Decimal), u32>,
) -> PayoutLineRow {
    let (order_id, kind) = (clean(line.order_id.as_deref()), tidy(&line.kind));
    let order = order_id.as_deref().unwrap_or_default();
    let (name, amount) = (format!("{order} {kind}"), to_ban(line.amount));
    let occurrence = seen.entry((name.clone(), amount)).and_modify(|k| *k += 1).or_insert(1);
    PayoutLineRow {
        key: payout_line_key(document, order, &kind, *occurrence, amount),
        document: Uuid::nil(),
        name,
        order_id,
        kind,
        amount,
        payment_method: clean(line.payment_method.as_deref()),
        client_name: clean(line.client_name.as_deref()),
        ordered_at: line.ordered_at.map(bucharest::moment_of),
        raw: line.raw.clone(),
        line: line.line,
    }
}

impl Row for PayoutRow {
    const TABLE: Table = Table::EmagDocuments;
    const SAYS: &'static [&'static str] =
        &["day", "month", "currency", "net amount", "gross amount", "vouchers"];

    fn key(&self) -> Cow<'_, str> {
        Cow::Owned(self.key.to_string())
    }

    fn says(&self) -> Said {
        let [net, gross, vouchers] =
            [self.net, self.gross, self.vouchers].map(|it| it.map(amount_text));
        let firm = [
            Some(&*self.made_on.to_string()),
            self.month.as_deref(),
            Some(&self.currency),
            net.as_deref(),
            gross.as_deref(),
            vouchers.as_deref(),
        ];
        Said::of(&firm, &[])
    }

    fn raw(&self) -> (Cow<'_, str>, u32) {
        let (kind, document, amount) =
            (self.kind.name(), &self.document_id, amount_text(self.adds));
        (Cow::Owned(format!("{kind}\t{document}\t{}\t{amount}", self.made_on)), self.line)
    }

    fn put(&self, id: Uuid, stamp: &Stamp, out: &mut impl ColumnWriter) {
        out.uuid(id);
        out.text(Some(&self.key.to_string()));
        out.text(Some(self.kind.name()));
        out.text(Some(&self.document_id));
        out.text(Some(&self.seller_id));
        out.date(Some(self.made_on));
        out.date(self.period.map(|(from, _)| from));
        out.date(self.period.map(|(_, to)| to));
        out.text(self.month.as_deref());
        out.text(Some(&self.currency));
        out.decimal_or_null(self.net);
        out.decimal_or_null(self.vat_rate);
        out.decimal_or_null(self.gross);
        out.decimal_or_null(self.vouchers);
        out.int(self.lines);
        out.text(Some(&stamp.file_name));
        stamp.put_mail(out);
        out.uuid(stamp.import_id);
        out.int(self.line);
    }
}

impl Head for PayoutRow {
    fn says_briefly(&self) -> String {
        format!("{}, {} {}", self.made_on, amount_text(self.adds), self.currency)
    }
}

impl Row for PayoutLineRow {
    const TABLE: Table = Table::EmagLines;
    const SAYS: &'static [&'static str] = &["order", "kind", "amount", "payment method", "client"];

    fn key(&self) -> Cow<'_, str> {
        Cow::Owned(self.key.to_string())
    }

    fn says(&self) -> Said {
        let firm = [
            self.order_id.as_deref(),
            Some(&self.kind),
            Some(&amount_text(self.amount)),
            self.payment_method.as_deref(),
            self.client_name.as_deref(),
        ];
        Said::of(&firm, &[])
    }

    fn raw(&self) -> (Cow<'_, str>, u32) {
        (Cow::Borrowed(&self.raw), self.line)
    }

    fn put(&self, id: Uuid, stamp: &Stamp, out: &mut impl ColumnWriter) {
        out.uuid(id);
        out.text(Some(&self.key.to_string()));
        out.uuid(self.document);
        out.text(self.order_id.as_deref());
        out.text(Some(&self.kind));
        out.decimal(self.amount);
        out.text(self.payment_method.as_deref());
        out.text(self.client_name.as_deref());
        out.instant(self.ordered_at);
        out.uuid(stamp.import_id);
        out.int(self.line);
    }
}

impl Line for PayoutLineRow {
    fn name(&self) -> &str {
        &self.name
    }

    fn says_briefly(&self) -> String {
        amount_text(self.amount)
    }

    fn belongs_to(&mut self, head: Uuid) {
        self.document = head;
    }
}
