//! A company's month → is it closed, and what is missing?
//!
//! Closed is a month where every credit is explained, every settlement is paid and no day of the
//! statements is missing. Plain code without a database.

mod bank;
mod days;
mod facts;
mod lines;
mod workbook;

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use serde::Serialize;

pub use bank::{Bank, BankEntry, KnownTie};
pub use days::{AccountDays, days};
pub use facts::{Arrived, Facts, MonthOfYear, State, Stated};
pub use lines::{NoInvoice, PaidLine};
pub use workbook::{Contents, is_as_written, workbook};

use crate::record::KeptStatement;
use crate::tie::{
    DAYS_AFTER, EMAG, NETOPIA, Settlement, credit_name, document_named, settlement_name,
};

/// The sender of credits that no known sender sent: customers, most of them.
const CUSTOMERS: &str = "altul";

/// The page of a month.
#[derive(Debug, Clone, Serialize)]
pub struct Month {
    /// The month.
    pub month: MonthOfYear,
    /// Whether every credit is explained, every settlement paid and no day missing.
    pub is_closed: bool,
    /// The days that the statements of each account cover.
    pub accounts: Vec<AccountDays>,
    /// The settlements by sender, currency and state.
    pub senders: Vec<SenderSum>,
    /// Every settlement.
    pub settlements: Vec<SettlementLine>,
    /// Credits of known senders whose settlement is not here.
    pub missing: Vec<CreditLine>,
    /// Payments of customers that are tied to an invoice.
    pub customers_paid: Vec<CreditLine>,
    /// Payments of customers that name an invoice which is not here.
    pub customers: Vec<CreditLine>,
    /// Credits that nobody has explained.
    pub unexplained: Vec<CreditLine>,
    /// How many held rows of the company nobody has settled.
    pub held: u64,
}

/// The settlements of one sender, one currency and one state.
#[derive(Debug, Clone, Serialize)]
pub struct SenderSum {
    /// The sender.
    pub sender: String,
    /// The currency.
    pub currency: String,
    /// The state.
    pub state: State,
    /// How many there are.
    pub settlements: usize,
    /// What they state together.
    pub sum: Decimal,
    /// What came for them.
    pub paid: Decimal,
}

/// A settlement.
#[derive(Debug, Clone, Serialize)]
pub struct SettlementLine {
    /// What it is called.
    pub name: String,
    /// Who pays.
    pub sender: String,
    /// The document that states it.
    pub document: Option<String>,
    /// Its day.
    pub day: NaiveDate,
    /// What it states.
    pub amount: Decimal,
    /// Its currency.
    pub currency: String,
    /// How many parcels, payments or orders it has.
    pub lines: Option<i32>,
    /// How it stands.
    pub state: State,
    /// What came.
    pub paid: Option<Decimal>,
    /// When the last of it came.
    pub paid_on: Option<NaiveDate>,
    /// The bank's references of the credits that pay it.
    pub credit: Option<String>,
}

/// A credit.
#[derive(Debug, Clone, Serialize)]
pub struct CreditLine {
    /// The key of its row.
    #[serde(skip)]
    pub key: String,
    /// What it is called.
    pub name: String,
    /// Who sent it.
    pub sender: String,
    /// Its day.
    pub day: NaiveDate,
    /// What of it is not tied; of one that is tied, its amount.
    pub amount: Decimal,
    /// Its currency.
    pub currency: String,
    /// The document that it wants or names.
    pub document: Option<String>,
    /// Who it is from, as the bank names them.
    pub from: Option<String>,
}

impl Month {
    /// Makes the page of a month; `statements` are all that the company keeps.
    pub fn of(facts: Facts, statements: &[KeptStatement]) -> Self {
        let Facts { month, settlements, credits, held, .. } = facts;
        let mut page = Self {
            month,
            is_closed: false,
            accounts: days(month, statements),
            senders: senders(&settlements),
            settlements: lines(&settlements),
            missing: Vec::new(),
            customers_paid: Vec::new(),
            customers: Vec::new(),
            unexplained: Vec::new(),
            held,
        };
        for arrived in &credits {
            page.take(arrived);
        }
        page.is_closed = page.unpaid().next().is_none()
            && page.missing.is_empty()
            && page.customers.is_empty()
            && page.unexplained.is_empty()
            && !page.accounts.is_empty()
            && page.accounts.iter().all(|it| it.missing.is_empty());
        page
    }

    /// Returns the settlements that are not paid, or differ.
    pub fn unpaid(&self) -> impl Iterator<Item = &SettlementLine> {
        self.settlements.iter().filter(|it| it.state != State::Paid)
    }

    /// Returns how many settlements have no credit although ten days have passed, some of which lie in a
    /// gap of the statements: the credit may be there.
    pub fn late_beside_gaps(&self) -> usize {
        let may_be_paid = |it: &&SettlementLine| {
            let gaps = self.accounts.iter().flat_map(|account| &account.gaps);
            gaps.into_iter()
                .any(|gap| gap.before >= it.day && gap.after <= it.day + Days::new(DAYS_AFTER))
        };
        self.unpaid().filter(|it| it.state == State::Late).filter(may_be_paid).count()
    }

    /// Returns what keeps the month from being closed, in words.
    pub fn reasons(&self) -> Vec<String> {
        let count = |count: usize, one: &str, several: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            _ => Some(format!("{count} {several}")),
        };
        let accounts = self.accounts.iter().filter(|it| !it.missing.is_empty()).count();
        let explained = self.customers.len() + self.unexplained.len();
        let no_statement = self.accounts.is_empty().then(|| "no statement is here".to_owned());
        let reasons = [
            no_statement,
            count(accounts, "account lacks days", "accounts lack days"),
            count(self.unpaid().count(), "settlement is not paid", "settlements are not paid"),
            count(self.missing.len(), "document is missing", "documents are missing"),
            count(explained, "credit is not explained", "credits are not explained"),
        ];
        reasons.into_iter().flatten().collect()
    }

    /// Puts a credit where it belongs.
    fn take(&mut self, arrived: &Arrived) {
        let Arrived { credit, tied, pays_invoice, .. } = arrived;
        let left = credit.amount - tied;
        if left <= Decimal::ZERO {
            if *pays_invoice {
                self.customers_paid.push(line(arrived, credit.amount, None));
            }
        } else if credit.sender != CUSTOMERS && tied.is_zero() {
            let wanted = wanted_document(&credit.sender, credit.names.as_deref());
            self.missing.push(line(arrived, left, Some(wanted)));
        } else if let Some(named) = document_named(&arrived.text).filter(|_| tied.is_zero()) {
            self.customers.push(line(arrived, left, Some(named)));
        } else {
            self.unexplained.push(line(arrived, left, None));
        }
    }
}

fn line(arrived: &Arrived, amount: Decimal, document: Option<String>) -> CreditLine {
    let credit = &arrived.credit;
    CreditLine {
        key: credit.key.clone(),
        name: credit_name(credit),
        sender: sender_word(&credit.sender).to_owned(),
        day: credit.day,
        amount,
        currency: credit.currency.clone(),
        document,
        from: arrived.from.clone(),
    }
}

fn lines(settlements: &[Stated]) -> Vec<SettlementLine> {
    let all: Vec<Settlement> = settlements.iter().map(|it| it.settlement.clone()).collect();
    let line = |it: &Stated| SettlementLine {
        name: settlement_name(&it.settlement, &all),
        sender: sender_word(&it.settlement.id.kind).to_owned(),
        document: it.document.clone(),
        day: it.settlement.dated,
        amount: it.settlement.amount,
        currency: it.settlement.currency.clone(),
        lines: it.lines,
        state: it.state,
        paid: it.paid,
        paid_on: it.paid_on,
        credit: it.reference.clone(),
    };
    settlements.iter().map(line).collect()
}

fn senders(settlements: &[Stated]) -> Vec<SenderSum> {
    let mut sums: BTreeMap<(&str, &str, State), SenderSum> = BTreeMap::new();
    for Stated { settlement, paid, state, .. } in settlements {
        let like = (settlement.id.kind.as_str(), settlement.currency.as_str(), *state);
        let sum = sums.entry(like).or_insert_with(|| SenderSum {
            sender: sender_word(&settlement.id.kind).to_owned(),
            currency: settlement.currency.clone(),
            state: *state,
            settlements: 0,
            sum: Decimal::ZERO,
            paid: Decimal::ZERO,
        });
        sum.settlements += 1;
        sum.sum += settlement.amount;
        sum.paid += paid.unwrap_or_default();
    }
    sums.into_values().collect()
}

/// Returns what people call a sender.
fn sender_word(kind: &str) -> &str {
    match kind {
        "gls" => "GLS",
        "sameday" => "Sameday",
        NETOPIA => "Netopia",
        EMAG => "eMag",
        CUSTOMERS | "" => "Altul",
        other => other,
    }
}

/// Returns what the sender of a credit should have sent with it.
fn wanted_document(sender: &str, named: Option<&str>) -> String {
    match (sender, named) {
        (NETOPIA, Some(batch)) => format!("batch {batch}"),
        (NETOPIA, None) => "a batch".to_owned(),
        (EMAG, _) => "the documents of a payout".to_owned(),
        _ => "a borderou".to_owned(),
    }
}
