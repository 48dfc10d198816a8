//! A company's month → is it closed, and what is missing?
//!
//! Closed is a month where every credit is explained, every settlement is paid and no day of the
//! statements is missing. What the settlements pay for (line → order → invoice) is told beside: an order
//! that is missing does not make the money uncertain. Plain code without a database.

mod bank;
mod days;
mod facts;
mod invoices;
mod lines;
mod near;
mod payouts;
mod storno;
mod workbook;

use std::collections::{BTreeMap, HashMap};

use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use serde::Serialize;

pub use bank::{Bank, BankEntry, KnownTie};
pub use days::{AccountDays, Balance, days};
pub use facts::{Arrived, Facts, MonthOfYear, State, Stated};
pub use invoices::{Invoice, InvoiceFacts, InvoiceLine, Invoices, Issued, Payment};
pub use lines::{LineSum, Lines, NoInvoice, PaidLine, ToldLine};
pub use near::Perhaps;
pub use payouts::{MissingKind, Payout, PayoutLine};
pub use storno::Reversed;
pub use workbook::{Contents, is_as_written, workbook};

use crate::record::KeptStatement;
use crate::tie::{
    Credit, DAYS_AFTER, EMAG, NETOPIA, Settlement, credit_name, document_named, settlement_name,
};
use near::{Near, near};
use payouts::lacking;

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
    /// Payouts of a marketplace that lack documents.
    pub payouts: Vec<PayoutLine>,
    /// Payments of customers that are tied to an invoice or an order.
    pub customers_paid: Vec<CreditLine>,
    /// Payments of customers that name an invoice which is not here.
    pub customers: Vec<CreditLine>,
    /// Credits that nobody has explained.
    pub unexplained: Vec<CreditLine>,
    /// What the settlements pay for.
    #[serde(flatten)]
    pub lines: Lines,
    /// What came for the invoices, whatever it came by.
    #[serde(flatten)]
    pub invoices: Invoices,
    /// How many held rows of the company nobody has settled.
    pub held: u64,
    /// How many ties by hand of the company wait for a settlement or a credit that is gone.
    pub waiting: u64,
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
    /// A credit that may belong to it, although it has another amount.
    pub perhaps: Option<Perhaps>,
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
    /// The document that it wants or names; of one that is tied to invoices or orders,
    /// these.
    pub document: Option<String>,
    /// Who it is from, as the bank names them.
    pub from: Option<String>,
    /// A late settlement that may belong to it, although it has another amount.
    pub perhaps: Option<Perhaps>,
}

impl Month {
    /// Makes the page of a month; `statements` are all that the company keeps.
    pub fn of(facts: Facts, statements: &[KeptStatement]) -> Self {
        let month = facts.month;
        let all: Vec<Settlement> =
            facts.settlements.iter().map(|it| it.settlement.clone()).collect();
        let near = near(&facts, &all);
        let settlements: Vec<Stated> = facts.of_month().cloned().collect();
        let mut page = Self {
            month,
            is_closed: false,
            accounts: days(month, statements),
            senders: senders(&settlements),
            settlements: lines(&settlements, &near),
            lines: Lines::default(),
            invoices: Invoices::of(&facts.invoices, (month.first(), month.last())),
            missing: Vec::new(),
            payouts: lacking(month, &facts.payouts, &settlements),
            customers_paid: Vec::new(),
            customers: Vec::new(),
            unexplained: Vec::new(),
            held: facts.held,
            waiting: facts.waiting,
        };
        let of_id: HashMap<_, _> =
            settlements.iter().map(|it| &it.settlement.id).zip(&page.settlements).collect();
        page.lines = Lines::of(&facts.lines, &of_id);
        for arrived in facts.credits.iter().filter(|it| month.has(it.credit.day)) {
            let near = near.iter().find(|it| it.credit.key == arrived.credit.key);
            page.take(arrived, near.map(Near::beside_credit));
        }
        page.is_closed = page.unpaid().next().is_none()
            && page.documents_missing() == 0
            && page.customers.is_empty()
            && page.unexplained.is_empty()
            && !page.accounts.is_empty()
            && page.accounts.iter().all(|it| it.missing.is_empty());
        page
    }

    /// Returns how many settlements are not here: those that money came for, and payouts whose list of
    /// orders is missing and that no such money is known of.
    fn documents_missing(&self) -> usize {
        self.missing.len() + self.payouts_without_list().count()
    }

    /// Returns the payouts without their list of orders, for which no credit came as far as is known.
    pub fn payouts_without_list(&self) -> impl Iterator<Item = &PayoutLine> {
        self.payouts.iter().filter(|it| !it.has_list && it.credit.is_none())
    }

    /// Returns the payouts that are not paid and have fewer documents than others.
    pub fn payouts_with_fewer(&self) -> impl Iterator<Item = &PayoutLine> {
        self.payouts.iter().filter(|it| it.has_list)
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
            count(self.documents_missing(), "document is missing", "documents are missing"),
            count(explained, "credit is not explained", "credits are not explained"),
        ];
        reasons.into_iter().flatten().collect()
    }

    /// Puts a credit where it belongs.
    fn take(&mut self, arrived: &Arrived, perhaps: Option<Perhaps>) {
        let Arrived { credit, tied, pays, .. } = arrived;
        let left = credit.amount - tied;
        if left <= Decimal::ZERO {
            if pays.is_some() {
                self.customers_paid.push(line(arrived, credit.amount, pays.clone()));
            }
        } else if credit.sender != CUSTOMERS && tied.is_zero() {
            let wanted = match self.payout_of(credit) {
                Some(payout) => {
                    payout.credit = Some(credit_name(credit));
                    payout.told()
                }
                None => wanted_document(&credit.sender, credit.names.as_deref()),
            };
            self.missing.push(CreditLine { perhaps, ..line(arrived, left, Some(wanted)) });
        } else if let Some(named) = document_named(&arrived.text).filter(|_| tied.is_zero()) {
            self.customers.push(line(arrived, left, Some(named)));
        } else {
            self.unexplained.push(line(arrived, left, None));
        }
    }

    /// Returns the one payout without its list of orders that the credit may be for.
    fn payout_of(&mut self, credit: &Credit) -> Option<&mut PayoutLine> {
        let is_its = |it: &&mut PayoutLine| {
            let last = it.day + Days::new(DAYS_AFTER);
            !it.has_list && it.credit.is_none() && (it.day..=last).contains(&credit.day)
        };
        let mut payouts = self.payouts.iter_mut().filter(|_| credit.sender == EMAG).filter(is_its);
        payouts.next().filter(|_| payouts.next().is_none())
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
        perhaps: None,
    }
}

fn lines(settlements: &[Stated], near: &[Near<'_>]) -> Vec<SettlementLine> {
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
        perhaps: near
            .iter()
            .find(|near| near.settlement.id == it.settlement.id)
            .map(Near::beside_settlement),
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
        CUSTOMERS | "" => "a customer",
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
