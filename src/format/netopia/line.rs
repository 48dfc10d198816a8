//! One line of a batch, as far as it can be read.

use chrono::{NaiveDate, NaiveDateTime};
use csv::StringRecord;
use rust_decimal::Decimal;

use super::amount::amount;
use super::columns::Columns;
use crate::normalize;
use crate::record::{Currency, Line, Reason};

/// Start of `Comerciant` on the line that bears the fee of paying out an earlier batch.
const PAYOUT_FEE: &str = "BankTransfer:";

/// A line of a batch.
#[derive(Debug)]
pub(super) struct Row {
    /// Where it starts.
    pub line: Line,
    /// Whether it has as many cells as the header line.
    pub is_whole: bool,
    /// Column `#`.
    pub batch_id: String,
    /// Column `Id`; empty for payout fees.
    pub id: String,
    /// What stands after `BankTransfer:` on the line of a payout fee.
    pub payout: Option<String>,
    /// Column `Data operatiei`.
    pub at: Result<NaiveDateTime, Reason>,
    /// The columns of money.
    pub money: Result<Money, Reason>,
    /// All other columns.
    pub details: Result<Details, Reason>,
    /// Its cells without those that are never kept, joined with `;`.
    pub raw: String,
}

/// What a line adds to the transfer, by column.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Money {
    /// `Procesat`.
    pub processed: Decimal,
    /// `Creditat`.
    pub credited: Decimal,
    /// `Comision`, negative where it is paid.
    pub fee: Decimal,
    /// `TVA`, negative where it is paid.
    pub vat: Decimal,
    /// `Discount campanie`.
    pub discount: Decimal,
    /// `Discount refund campanie`.
    pub refund_discount: Decimal,
}

impl Money {
    /// Returns what the line adds to the transfer.
    pub(super) fn net(&self) -> Decimal {
        let gross = self.processed + self.credited + self.discount + self.refund_discount;
        gross + self.fee + self.vat
    }
}

/// What a line says beside its money.
#[derive(Debug)]
pub(super) struct Details {
    pub paid_on: NaiveDate,
    pub currency: Currency,
    pub merchant: Option<String>,
    pub terminal_id: Option<String>,
    pub description: Option<String>,
    pub payer_name: Option<String>,
    pub rrn: Option<String>,
}

impl Row {
    /// Reads a line; `comma_too` says that amounts may have a decimal comma.
    pub(super) fn of(
        record: &StringRecord,
        columns: &Columns,
        line: Line,
        comma_too: bool,
    ) -> Self {
        let cells = Cells { record, columns };
        let is_whole = record.len() == columns.count;
        // In a line that is cut short or has a cell too many, cells may stand under wrong headers.
        let whole = || match is_whole {
            true => Ok(()),
            false => Err(Reason::Form {
                found: "a line with more or fewer cells than the header line",
                expected: "as many",
            }),
        };
        let id = cells.at(columns.id).to_owned();
        let payout = cells.at(columns.merchant).strip_prefix(PAYOUT_FEE);
        Self {
            line,
            is_whole,
            batch_id: cells.at(columns.batch_id).to_owned(),
            payout: payout.filter(|_| id.is_empty()).map(str::to_owned),
            id,
            at: moment(cells.at(columns.at)),
            money: whole().and_then(|()| cells.money(comma_too)),
            details: whole().and_then(|()| cells.details()),
            raw: cells.kept(is_whole),
        }
    }
}

struct Cells<'r> {
    record: &'r StringRecord,
    columns: &'r Columns,
}

impl<'r> Cells<'r> {
    fn at(&self, column: usize) -> &'r str {
        self.record.get(column).unwrap_or_default().trim()
    }

    fn text(&self, column: Option<usize>) -> Option<String> {
        let text = column.map(|column| self.at(column))?;
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn money(&self, comma_too: bool) -> Result<Money, Reason> {
        let required = |column, field| amount(self.at(column), comma_too, field);
        let optional = |column: Option<usize>, field| match column.map(|column| self.at(column)) {
            None | Some("") => Ok(Decimal::ZERO),
            Some(text) => amount(text, comma_too, field),
        };
        let columns = self.columns;
        Ok(Money {
            processed: required(columns.processed, "Procesat")?,
            credited: required(columns.credited, "Creditat")?,
            fee: required(columns.fee, "Comision")?,
            vat: required(columns.vat, "TVA")?,
            discount: optional(columns.discount, "Discount campanie")?,
            refund_discount: optional(columns.refund_discount, "Discount refund campanie")?,
        })
    }

    fn details(&self) -> Result<Details, Reason> {
        let columns = self.columns;
        let paid_on = self.at(columns.paid_on);
        let names = [columns.first_name, columns.last_name].map(|column| self.text(column));
        let names: Vec<String> = names.into_iter().flatten().collect();
        Ok(Details {
            paid_on: normalize::date(paid_on).ok_or_else(|| no_date("Data platii", paid_on))?,
            currency: Currency::new(self.at(columns.currency)).ok_or(Reason::Form {
                found: "no currency",
                expected: "three letters such as RON",
            })?,
            merchant: self.text(Some(columns.merchant)),
            terminal_id: self.text(columns.terminal_id),
            description: self.text(columns.description),
            payer_name: (!names.is_empty()).then(|| names.join(" ")),
            rrn: self.text(columns.rrn),
        })
    }

    /// Joins the cells that may be kept.
    ///
    /// In a line that is not whole nobody knows where the personal ones are: it is kept up to the
    /// first cell that could be one.
    fn kept(&self, is_whole: bool) -> String {
        let personal = &self.columns.personal;
        let first = personal.iter().min().copied().unwrap_or(usize::MAX);
        let cells = self.record.iter().enumerate();
        let kept: Vec<&str> = if is_whole {
            let kept = cells.filter(|(column, _)| !personal.contains(column));
            kept.map(|(_, cell)| cell).collect()
        } else {
            let kept = cells.take_while(|(column, cell)| *column < first && !cell.contains('@'));
            kept.map(|(_, cell)| cell).collect()
        };
        kept.join(";")
    }
}

/// Reads a moment to the second: a refund is told from its payment by it.
fn moment(text: &str) -> Result<NaiveDateTime, Reason> {
    const FORMS: [&str; 3] = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M:%S"];
    let by_form = |form: &&str| NaiveDateTime::parse_from_str(text, form).ok();
    let read = plain_moment(text).or_else(|| FORMS.iter().find_map(by_form));
    let read = read.filter(|at| normalize::is_of_our_time(at.date()));
    read.ok_or_else(|| no_date("Data operatiei", text))
}

/// Returns the moment of `YYYY-MM-DD hh:mm:ss` where all digits are written, as nearly always.
fn plain_moment(text: &str) -> Option<NaiveDateTime> {
    let (day, time) = text.split_at_checked(10)?;
    let number = |tens: u8, ones: u8| {
        let valid = tens.is_ascii_digit() && ones.is_ascii_digit();
        valid.then(|| u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
    };
    let [b' ', h1, h2, b':', m1, m2, b':', s1, s2] = *time.as_bytes() else {
        return None;
    };
    let day =
        day.as_bytes().get(4).filter(|b| **b == b'-').and_then(|_| normalize::plain_date(day));
    day?.and_hms_opt(number(h1, h2)?, number(m1, m2)?, number(s1, s2)?)
}

fn no_date(field: &'static str, text: &str) -> Reason {
    let found = text.chars().take(20).collect();
    match text {
        "" => Reason::Missing { field },
        _ => Reason::Date { field, found },
    }
}
