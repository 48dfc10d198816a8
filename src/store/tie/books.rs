//! What a company owes and got, as it is stored.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::store::StoreError;
use crate::store::connection::turn::{Turn, Value};
use crate::tie::{Bill, Books, Credit, Match, Rule, Settlement, SettlementId, Tie};

const READING: &str = "reading the settlements and credits";

/// Which credits are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Credits {
    /// Those of known senders, and those that are tied.
    OfSenders,
    /// All.
    All,
}

/// Reads settlements, credits and ties in one turn; and the keys of the settlements that are tied and
/// whose own rows do not say so.
pub(super) async fn read(
    connection: &mut PgConnection,
    credits: Credits,
) -> Result<(Books, Vec<String>), StoreError> {
    type SettlementRow = (String, String, Option<String>, String, NaiveDate, Decimal);
    type CreditRow = (
        String,
        Option<String>,
        Option<String>,
        String,
        NaiveDate,
        Decimal,
        Option<String>,
        Option<String>,
    );
    type TieRow = (String, String, String, Decimal, String, bool);
    let credits = match credits {
        Credits::OfSenders => include_str!("../sql/tie/credits.sql"),
        Credits::All => include_str!("../sql/tie/all_credits.sql"),
    };
    let mut answers = Turn::default()
        .add(READING, include_str!("../sql/tie/settlements.sql"), &[])
        .add(READING, credits, &[])
        .add(READING, include_str!("../sql/tie/ties.sql"), &[])
        .add(READING, include_str!("../sql/tie/matches.sql"), &[])
        .add(READING, include_str!("../sql/tie/out_of_step.sql"), &[])
        .take(connection)
        .await?;
    let settlements = answers.values::<SettlementRow>(READING)?.into_iter();
    let settlements = settlements.map(|(kind, key, account, currency, dated, amount)| Settlement {
        id: SettlementId { kind, key },
        account,
        currency,
        dated,
        amount,
    });
    let credits = answers.values::<CreditRow>(READING)?.into_iter();
    let credits = credits.map(|(key, sender, account, currency, day, amount, names, reference)| {
        let sender = sender.unwrap_or_default();
        Credit { key, sender, account, currency, day, amount, names, reference }
    });
    let stored = answers.values::<TieRow>(READING)?;
    let bills_there = stored.iter().filter(|(.., is_there)| *is_there);
    let bills_there =
        bills_there.map(|(kind, key, ..)| SettlementId { kind: kind.clone(), key: key.clone() });
    let bills_there = bills_there.map(|it| it.counting()).collect();
    let tie = |(kind, key, credit, amount, rule, _): TieRow| {
        let settlement = SettlementId { kind, key };
        Some(Tie { settlement, credit, amount, rule: Rule::by_name(&rule)? })
    };
    let matches = answers.values::<MatchRow>(READING)?.into_iter().map(matched);
    let out_of_step: Vec<(String,)> = answers.values(READING)?;
    let books = Books {
        settlements: settlements.collect(),
        credits: credits.collect(),
        ties: stored.into_iter().filter_map(tie).collect(),
        bills_there,
        matches: matches.collect(),
        bills: Vec::new(),
    };
    Ok((books, out_of_step.into_iter().map(|(key,)| key).collect()))
}

type MatchRow =
    (String, NaiveDate, String, String, String, Option<String>, String, Decimal, Option<String>);

fn matched(row: MatchRow) -> Match {
    let (credit, day, text, kind, key, series, number, amount, invoice) = row;
    let bill = SettlementId { kind, key };
    Match { credit, day, text, bill, invoice, series, number, amount }
}

/// Reads what customers owe, as far as one of the names may mean it or a tie has it.
pub(super) async fn bills(
    connection: &mut PgConnection,
    names: &[String],
) -> Result<Vec<Bill>, StoreError> {
    type BillRow = (
        String,
        String,
        Option<String>,
        Option<String>,
        Option<String>,
        String,
        Option<Decimal>,
        bool,
    );
    let rows = Turn::default()
        .add(READING, include_str!("../sql/tie/bills.sql"), &[Value::Texts(names)])
        .take(connection)
        .await?
        .values::<BillRow>(READING)?;
    let bill = |(kind, key, series, number, order_number, currency, total, is_cancelled)| Bill {
        id: SettlementId { kind, key },
        series,
        number,
        order_number,
        currency,
        total,
        is_cancelled,
    };
    Ok(rows.into_iter().map(bill).collect())
}
