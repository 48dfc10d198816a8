//! One line of a batch, as far as it can be read.

use std::borrow::Cow;
use std::ops::Range;

use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

use super::amount::amount;
use super::cells::trimmed;
use super::columns::Columns;
use crate::record::{Currency, Line, Reason};
use crate::value::normalize;

/// How `Comerciant` begins on the line of a payout fee, the fee of paying out an earlier batch.
const PAYOUT_FEE: &str = "BankTransfer:";

/// The lines of a batch.
#[derive(Debug, Default)]
pub(super) struct CsvRows<'t> {
    /// The lines, in the order of the file.
    pub list: Vec<CsvRow<'t>>,
    /// The text of all lines as it is kept: their cells, without personal ones, joined with `;`.
    raw: String,
}

/// A line of a batch.
#[derive(Debug)]
pub(super) struct CsvRow<'t> {
    /// Where it starts.
    pub line: Line,
    /// Whether it has as many cells as the header line.
    pub is_whole: bool,
    /// Column `#`.
    pub batch_id: Cow<'t, str>,
    /// Column `Id`; empty for payout fees.
    pub id: Cow<'t, str>,
    /// What stands after `BankTransfer:` on the line of a payout fee.
    pub payout: Option<String>,
    /// Column `Data operatiei`.
    pub at: Result<NaiveDateTime, Reason>,
    /// The columns of money.
    pub money: Result<Money, Reason>,
    /// All other columns.
    pub details: Result<Details<'t>, Reason>,
    /// The place of the line in the kept text of [`CsvRows`].
    raw: Range<usize>,
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
        let gross = [self.processed, self.credited, self.discount, self.refund_discount];
        sum(gross.into_iter().chain([self.fee, self.vat]))
    }

    /// Returns whether the line moves nothing, or only gives back a fee or its VAT.
    pub(super) fn at_most_returns_fee(&self) -> bool {
        let others = [self.processed, self.credited, self.discount, self.refund_discount];
        others.iter().all(Decimal::is_zero)
            && [self.fee, self.vat].iter().all(|cost| *cost >= Decimal::ZERO)
    }
}

/// Returns the sum of amounts. Most are zero, and are skipped since that is faster.
pub(super) fn sum(amounts: impl IntoIterator<Item = Decimal>) -> Decimal {
    let told = amounts.into_iter().filter(|amount| !amount.is_zero());
    told.reduce(|sum, amount| sum + amount).unwrap_or_default()
}

/// What a line says besides its money.
#[derive(Debug)]
pub(super) struct Details<'t> {
    pub paid_on: NaiveDate,
    pub currency: Currency,
    pub merchant: Option<Cow<'t, str>>,
    pub terminal_id: Option<Cow<'t, str>>,
    pub description: Option<Cow<'t, str>>,
    pub first_name: Option<Cow<'t, str>>,
    pub last_name: Option<Cow<'t, str>>,
    pub rrn: Option<Cow<'t, str>>,
}

impl Details<'_> {
    /// Returns both names of the payer, or the one that is there.
    pub(super) fn payer_name(&self) -> Option<String> {
        match (&self.first_name, &self.last_name) {
            (Some(first), Some(last)) => Some([first, " ", last].concat()),
            (first, last) => Some(first.as_ref().or(last.as_ref())?.to_string()),
        }
    }
}

impl<'t> CsvRows<'t> {
    /// Reads a line; `comma_too` says that amounts may have a decimal comma.
    pub(super) fn read(
        &mut self,
        cells: &[Cow<'t, str>],
        columns: &Columns,
        line: Line,
        comma_too: bool,
    ) -> CsvRow<'t> {
        let is_whole = cells.len() == columns.count;
        let cells = Cells { cells, columns };
        // In a line with too few or too many cells, cells may stand under wrong headers.
        let whole = || match is_whole {
            true => Ok(()),
            false => Err(Reason::Form {
                found: "a line with more or fewer cells than the header line",
                expected: "as many",
            }),
        };
        let id = cells.kept(columns.id);
        let payout = cells.at(columns.merchant).strip_prefix(PAYOUT_FEE);
        let start = self.raw.len();
        cells.keep(is_whole, &mut self.raw);
        CsvRow {
            line,
            is_whole,
            batch_id: cells.kept(columns.batch_id),
            payout: payout.filter(|_| id.is_empty()).map(str::to_owned),
            id,
            at: moment(cells.at(columns.at)),
            money: whole().and_then(|()| cells.money(comma_too)),
            details: whole().and_then(|()| cells.details()),
            raw: start..self.raw.len(),
        }
    }

    /// Returns the kept text of some lines.
    pub(super) fn raw<'r>(&self, rows: impl IntoIterator<Item = &'r CsvRow<'t>>) -> String
    where
        't: 'r,
    {
        const LEN_EXPECTED: usize = 512;
        let mut raw = String::with_capacity(LEN_EXPECTED);
        for (n, row) in rows.into_iter().enumerate() {
            if n > 0 {
                raw.push('\n');
            }
            raw.push_str(self.raw.get(row.raw.clone()).unwrap_or_default());
        }
        raw
    }
}

struct Cells<'r, 't> {
    cells: &'r [Cow<'t, str>],
    columns: &'r Columns,
}

impl<'r, 't> Cells<'r, 't> {
    fn at(&self, column: usize) -> &'r str {
        self.cells.get(column).map(|cell| trimmed(cell)).unwrap_or_default()
    }

    fn kept(&self, column: usize) -> Cow<'t, str> {
        match self.cells.get(column) {
            Some(Cow::Borrowed(cell)) => Cow::Borrowed(trimmed(cell)),
            Some(Cow::Owned(cell)) => Cow::Owned(cell.trim().to_owned()),
            None => Cow::Borrowed(""),
        }
    }

    fn text(&self, column: Option<usize>) -> Option<Cow<'t, str>> {
        column.map(|column| self.kept(column)).filter(|text| !text.is_empty())
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

    fn details(&self) -> Result<Details<'t>, Reason> {
        let columns = self.columns;
        let paid_on = self.at(columns.paid_on);
        Ok(Details {
            paid_on: normalize::date(paid_on).ok_or_else(|| no_date("Data platii", paid_on))?,
            currency: Currency::new(self.at(columns.currency)).ok_or(Reason::Form {
                found: "no currency",
                expected: "three letters such as RON",
            })?,
            merchant: self.text(Some(columns.merchant)),
            terminal_id: self.text(columns.terminal_id),
            description: self.text(columns.description),
            first_name: self.text(columns.first_name),
            last_name: self.text(columns.last_name),
            rrn: self.text(columns.rrn),
        })
    }

    /// Adds the cells that may be kept to `raw`.
    ///
    /// In a line that is not whole nobody knows which cells are personal: the line is kept up to
    /// the first cell that could be.
    fn keep(&self, is_whole: bool, raw: &mut String) {
        let personal = &self.columns.personal;
        let first = personal.iter().min().copied().unwrap_or(usize::MAX);
        raw.reserve(self.cells.iter().map(|cell| cell.len() + 1).sum());
        let mut separator = "";
        for (column, cell) in self.cells.iter().enumerate() {
            if !is_whole && (column >= first || cell.contains('@')) {
                return;
            }
            if !personal.contains(&column) {
                raw.push_str(separator);
                raw.push_str(cell);
                separator = ";";
            }
        }
    }
}

/// Reads a moment to the second, by which a refund and its payment are told apart.
fn moment(text: &str) -> Result<NaiveDateTime, Reason> {
    const FORMS: [&str; 3] = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y %H:%M:%S"];
    let by_form = |form: &&str| NaiveDateTime::parse_from_str(text, form).ok();
    let read = plain_moment(text).or_else(|| FORMS.iter().find_map(by_form));
    let read = read.filter(|at| normalize::is_of_our_time(at.date()));
    read.ok_or_else(|| no_date("Data operatiei", text))
}

/// Returns the moment of `YYYY-MM-DD hh:mm:ss` with all digits written out, as nearly every one is.
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
