//! What a company has of a month, as the store reads it.

use chrono::{Datelike, Days, Months, NaiveDate};
use rust_decimal::Decimal;

use super::Payout;
use super::invoices::InvoiceFacts;
use super::lines::PaidLine;
use crate::tie::{Credit, Settlement, SettlementId};

/// A month of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthOfYear(NaiveDate);

impl MonthOfYear {
    /// Returns the month that the day is in.
    pub fn of(day: NaiveDate) -> Self {
        Self(day.with_day(1).unwrap_or(day))
    }

    /// Returns the first day.
    pub fn first(self) -> NaiveDate {
        self.0
    }

    /// Returns the last day.
    pub fn last(self) -> NaiveDate {
        let next = self.0.checked_add_months(Months::new(1));
        next.and_then(|next| next.checked_sub_days(Days::new(1))).unwrap_or(self.0)
    }

    /// Returns whether the day is in it.
    pub fn has(self, day: NaiveDate) -> bool {
        Self::of(day) == self
    }

    /// Returns its name: `April 2026`.
    pub fn name(self) -> String {
        self.0.format("%B %Y").to_string()
    }
}

impl std::str::FromStr for MonthOfYear {
    type Err = String;

    /// Reads `2026-04`.
    fn from_str(text: &str) -> Result<Self, String> {
        let month = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok();
        let month = month.filter(|day| (1900..=2200).contains(&day.year()));
        month.map(Self).ok_or_else(|| format!("{text:?} is no month; expected one as 2026-04"))
    }
}

impl std::fmt::Display for MonthOfYear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

impl serde::Serialize for MonthOfYear {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// How a settlement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Its credits make its amount.
    Paid,
    /// It has no credit yet.
    Open,
    /// It has no credit although ten days have passed.
    Late,
    /// Its credits make another amount.
    Differs,
}

impl State {
    /// Returns the state that the view of the settlements calls so.
    pub fn by_name(name: &str) -> Option<Self> {
        match name {
            "paid" => Some(Self::Paid),
            "open" => Some(Self::Open),
            "late" => Some(Self::Late),
            "differs" => Some(Self::Differs),
            _ => None,
        }
    }

    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Open => "open",
            Self::Late => "late",
            Self::Differs => "differs",
        }
    }
}

/// A settlement of the month, and what came for it.
#[derive(Debug, Clone)]
pub struct Stated {
    /// The settlement.
    pub settlement: Settlement,
    /// The document that states it.
    pub document: Option<String>,
    /// How many parcels, payments or orders it has.
    pub lines: Option<i32>,
    /// What came.
    pub paid: Option<Decimal>,
    /// When the last of it came.
    pub paid_on: Option<NaiveDate>,
    /// The bank's references of the credits.
    pub reference: Option<String>,
    /// How it stands.
    pub state: State,
}

/// A credit of the month, and how much of it is tied.
#[derive(Debug, Clone)]
pub struct Arrived {
    /// The credit.
    pub credit: Credit,
    /// Its text.
    pub text: String,
    /// Who it is from, as the bank names them.
    pub from: Option<String>,
    /// What of it pays settlements and invoices.
    pub tied: Decimal,
    /// The invoices and orders that it pays.
    pub pays: Option<String>,
}

/// All that is known of a company's month.
#[derive(Debug, Clone)]
pub struct Facts {
    /// The month.
    pub month: MonthOfYear,
    /// The settlements whose day is in the month or near it.
    pub settlements: Vec<Stated>,
    /// The credits whose day is in the month or near it, transfers between own accounts left out.
    pub credits: Vec<Arrived>,
    /// Settlements and credits that do not belong together, as somebody said by hand.
    pub apart: Vec<(SettlementId, String)>,
    /// All payouts of which a document is here.
    pub payouts: Vec<Payout>,
    /// The lines of the settlements, in the order of their documents.
    pub lines: Vec<PaidLine>,
    /// The invoices that the month issued or got money for.
    pub invoices: InvoiceFacts,
    /// How many held rows nobody has settled.
    pub held: u64,
    /// How many ties by hand wait for a row that is gone.
    pub waiting: u64,
}

impl Facts {
    /// Returns the settlements whose day is in the month.
    pub fn of_month(&self) -> impl Iterator<Item = &Stated> {
        self.settlements.iter().filter(|it| self.month.has(it.settlement.dated))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_typed_as_year_and_month() {
        let month: MonthOfYear = "2026-02".parse().unwrap();
        let days = [month.first(), month.last()].map(|day| day.to_string());
        assert_eq!(days, ["2026-02-01", "2026-02-28"]);
        assert_eq!((month.to_string(), month.name()), ("2026-02".into(), "February 2026".into()));
        for none in ["", "2026", "2026-13", "2026-02-01", "0000-01", "april", "99999-01"] {
            assert!(none.parse::<MonthOfYear>().is_err(), "{none}");
        }
    }
}
