//! The figures of a document, for every report and log.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::record::{Currency, Document, InvoiceReport, OrderList};
use crate::value::normalize::{self, to_ban};

/// The figures of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Records in the file, held ones included.
    pub read: u64,
    /// How many of these could not be read.
    pub damaged: u64,
    /// The sender's name for people: the bank, the courier, the card processor.
    pub sender: Option<&'static str>,
    /// The accounts by which the file's company is found, as `settings.accounts` writes them.
    pub accounts: BTreeSet<String>,
    /// By what else the company may be found: the courier's number of the client.
    pub aliases: BTreeSet<String>,
    /// The clients that the file itself names, where its format states them: whom a borderou pays.
    pub client_names: BTreeSet<String>,
    /// The first and last day of its records.
    pub period: Option<Period>,
    /// The sum of the file's records, by currency.
    pub sum: BTreeMap<String, Decimal>,
}

/// The first and the last day of a file's records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Period {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
}

impl Document<'_> {
    /// Returns the figures.
    pub fn summary(&self) -> Summary {
        let mut figures = Figures::default();
        match self {
            Self::Statements(messages) => {
                for message in messages {
                    figures.sender.get_or_insert(message.dialect.name());
                    figures.account(message.account.to_string());
                    let currency = message.currency.map(|it| it.to_string()).unwrap_or_default();
                    let sum = figures.sum.entry(currency).or_default();
                    *sum += message.tally.sum();
                    figures.read += message.tally.entries();
                    figures.days(message.tally.days.into_iter().flat_map(|(from, to)| [from, to]));
                }
            }
            Self::Borderouri(borderouri) => {
                for borderou in borderouri {
                    figures.account(borderou.account.clone());
                    let courier = borderou.courier;
                    figures.sender = Some(courier.label());
                    let number = borderou.client_number.iter();
                    figures.aliases.extend(number.map(|it| format!("{}:{it}", courier.name())));
                    figures.client(borderou.client_name.as_deref());
                    let sum = figures.sum.entry(borderou.currency.to_string()).or_default();
                    *sum += borderou.parcels.iter().map(|it| it.amount).sum::<Decimal>();
                    figures.read += borderou.parcels.len() as u64;
                    figures.days([borderou.date]);
                }
            }
            Self::Batch(batch) => {
                figures.sender = Some("Netopia");
                for operation in &batch.operations {
                    if let Some(terminal) = &operation.terminal_id {
                        figures.account(format!("netopia:{terminal}"));
                    }
                }
                figures.sum.insert(batch.currency.to_string(), to_ban(batch.net));
                figures.read += batch.operations.len() as u64;
                figures.days(batch.operations.iter().map(|it| it.at.date()));
            }
            Self::Payout(document) => {
                figures.sender = Some("eMag");
                figures.account(format!("emag:{}", document.seller_id));
                figures.sum.insert(document.currency.to_string(), document.adds());
                figures.read += document.lines.len() as u64;
                figures.days([document.made_on]);
            }
            Self::Orders(list) => figures.orders(list),
            Self::Invoices(report) => figures.invoices(report),
        }
        let damaged = self.damaged().count() as u64;
        Summary {
            read: figures.read + damaged,
            damaged,
            sender: figures.sender,
            accounts: figures.accounts,
            aliases: figures.aliases,
            client_names: figures.client_names,
            period: figures.period,
            sum: figures.sum,
        }
    }
}

#[derive(Default)]
struct Figures {
    read: u64,
    sender: Option<&'static str>,
    accounts: BTreeSet<String>,
    aliases: BTreeSet<String>,
    client_names: BTreeSet<String>,
    period: Option<Period>,
    sum: BTreeMap<String, Decimal>,
}

impl Figures {
    /// Takes a list of orders, which states no account.
    fn orders(&mut self, list: &OrderList) {
        self.sender = Some(list.channel.label());
        self.totals(list.orders.iter().map(|it| (it.currency, it.total)));
        self.read += list.orders.len() as u64;
        self.days(list.orders.iter().filter_map(|it| it.ordered_at).map(|it| it.date()));
    }

    /// Takes a report of invoices, which states no account.
    fn invoices(&mut self, report: &InvoiceReport) {
        self.sender = Some("Oblio");
        self.totals(report.invoices.iter().map(|it| (it.currency, it.total)));
        self.read += report.invoices.len() as u64;
        self.days(report.invoices.iter().map(|it| it.issued_on));
    }

    fn account(&mut self, account: String) {
        if !account.is_empty() {
            self.accounts.insert(account);
        }
    }

    fn client(&mut self, name: Option<&str>) {
        let name = normalize::text(name.unwrap_or_default());
        if !name.is_empty() {
            self.client_names.insert(name.into_owned());
        }
    }

    fn totals(&mut self, totals: impl Iterator<Item = (Currency, Decimal)>) {
        for (currency, total) in totals {
            *self.sum.entry(currency.to_string()).or_default() += total;
        }
    }

    fn days(&mut self, days: impl IntoIterator<Item = NaiveDate>) {
        for day in days {
            let period = self.period.get_or_insert(Period { from: day, to: day });
            period.from = period.from.min(day);
            period.to = period.to.max(day);
        }
    }
}
