//! The figures of a document: what every report and log says of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use crate::normalize::to_ban;
use crate::record::{Courier, Damaged, Document};
use crate::row::Table;

/// The figures of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Records in the file, held ones included.
    pub read: u64,
    /// Of these, those that could not be read.
    pub damaged: u64,
    /// The table that a record becomes a row of.
    pub record_table: Table,
    /// Who sent it, as people call them: the bank, the courier, the card processor.
    pub sender: Option<&'static str>,
    /// The accounts that route it, as `settings.accounts` writes them.
    pub accounts: BTreeSet<String>,
    /// What may route it in the place of an account: the courier's number of the client.
    pub aliases: BTreeSet<String>,
    /// The first and last day of its records.
    pub period: Option<Period>,
    /// What its records add up to, by currency.
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
    /// Returns the records that could not be read, in the order of the file.
    pub fn damaged(&self) -> Box<dyn Iterator<Item = &Damaged> + '_> {
        match self {
            Self::Statements(messages) => Box::new(messages.iter().flat_map(|it| &it.damaged)),
            Self::Borderouri(borderouri) => Box::new(borderouri.iter().flat_map(|it| &it.damaged)),
            Self::Batch(batch) => Box::new(batch.damaged.iter()),
        }
    }

    /// Returns the figures.
    pub fn summary(&self) -> Summary {
        let mut tally = Tally::default();
        let record_table = match self {
            Self::Statements(messages) => {
                for message in messages {
                    tally.sender.get_or_insert(message.dialect.name());
                    tally.account(message.account.to_string());
                    let currency = message.currency.map(|it| it.to_string()).unwrap_or_default();
                    let sum = tally.sum.entry(currency).or_default();
                    *sum += message.tally.sum();
                    tally.read += message.tally.entries();
                    tally.days(message.tally.days.into_iter().flat_map(|(from, to)| [from, to]));
                }
                Table::BankTransactions
            }
            Self::Borderouri(borderouri) => {
                for borderou in borderouri {
                    tally.account(borderou.account.clone());
                    let Courier::Gls = borderou.courier;
                    tally.sender = Some("GLS");
                    tally
                        .aliases
                        .extend(borderou.client_number.iter().map(|it| format!("gls:{it}")));
                    let sum = tally.sum.entry(borderou.currency.to_string()).or_default();
                    *sum += borderou.parcels.iter().map(|it| it.amount).sum::<Decimal>();
                    tally.read += borderou.parcels.len() as u64;
                    tally.days([borderou.date]);
                }
                Table::GlsBorderouParcels
            }
            Self::Batch(batch) => {
                tally.sender = Some("Netopia");
                for operation in &batch.operations {
                    if let Some(terminal) = &operation.terminal_id {
                        tally.account(format!("netopia:{terminal}"));
                    }
                }
                tally.sum.insert(batch.currency.to_string(), to_ban(batch.net));
                tally.read += batch.operations.len() as u64;
                tally.days(batch.operations.iter().map(|it| it.at.date()));
                Table::NetopiaTransactions
            }
        };
        let damaged = self.damaged().count() as u64;
        Summary {
            read: tally.read + damaged,
            damaged,
            record_table,
            sender: tally.sender,
            accounts: tally.accounts,
            aliases: tally.aliases,
            period: tally.period,
            sum: tally.sum,
        }
    }
}

#[derive(Default)]
struct Tally {
    read: u64,
    sender: Option<&'static str>,
    accounts: BTreeSet<String>,
    aliases: BTreeSet<String>,
    period: Option<Period>,
    sum: BTreeMap<String, Decimal>,
}

impl Tally {
    fn account(&mut self, account: String) {
        if !account.is_empty() {
            self.accounts.insert(account);
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
