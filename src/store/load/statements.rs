//! The statements that a group of files brings, and those that are stored beside them.
//!
//! What is stored is asked for before anything is loaded, together with the look for earlier imports.
//! The rows go in behind the entries, which know the identifiers by then.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use sqlx::PgConnection;
use uuid::Uuid;

use super::ask;
use super::copy::copy_statements;
use super::group_load::GroupLoad;
use super::landing::Landing;
use super::settling::Settling;
use crate::check::coverage::{AccountCoverage, coverage};
use crate::record::{Currency, Document, KeptStatement, Statement};
use crate::row::key::statement_key;
use crate::row::{StatementRow, Table};
use crate::store::StoreError;
use crate::store::connection::turn::{Answers, Turn, Value};
use crate::value::normalize::{date_digits, text};

const STEP: &str = "looking up the statements that are there";

/// A row of `bank_statements`, as `kept_statements.sql` returns it.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct StoredStatement {
    id: Uuid,
    account_iban: String,
    currency: String,
    statement_number: Option<String>,
    opening_date: NaiveDate,
    opening_balance: Decimal,
    closing_date: NaiveDate,
    closing_balance: Decimal,
    entries: i32,
    source_line: Option<i32>,
    import_id: Option<Uuid>,
    is_whole: bool,
}

impl StoredStatement {
    /// Returns the statement; `None` where somebody else wrote a currency that is none.
    pub(crate) fn kept(self) -> Option<KeptStatement> {
        Some(KeptStatement {
            line: self.source_line.and_then(|it| u32::try_from(it).ok()).unwrap_or_default(),
            account: self.account_iban,
            currency: Currency::new(&self.currency)?,
            number: self.statement_number.unwrap_or_default(),
            opening_date: self.opening_date,
            opening: self.opening_balance,
            closing_date: self.closing_date,
            closing: self.closing_balance,
            entries: u32::try_from(self.entries).unwrap_or_default(),
            is_whole: self.is_whole,
        })
    }
}

/// What is stored of the statements of some files, and beside them.
#[derive(Debug, Default)]
pub(crate) struct StoredStatements {
    /// The identifiers of the files' own statements, by their keys.
    ids: HashMap<String, Uuid>,
    /// The statements that overlap with the days of the files, and those beside these days.
    near: HashMap<Uuid, Near>,
}

impl StoredStatements {
    /// Returns the statements near the days of the files.
    pub(super) fn near(&self) -> HashMap<Uuid, Option<KeptStatement>> {
        self.near.iter().map(|(id, it)| (*id, Some(it.kept.clone()))).collect()
    }
}

#[derive(Debug)]
struct Near {
    kept: KeptStatement,
    /// The import that brought it; none where somebody else wrote it.
    import: Option<Uuid>,
}

/// Adds the statements that ask what is stored; their answers belong to [`found`].
pub(super) fn ask(turn: Turn, landings: &[Landing<'_>]) -> Turn {
    let kept = landings.iter().flat_map(|it| it.entries.statements()).flatten();
    let keys: Vec<String> = kept.map(|it| statement_key(it).to_string()).collect();
    let messages = || landings.iter().flat_map(|it| messages_of(it.document));
    let accounts: BTreeSet<String> = messages().map(|it| text(&it.account).into_owned()).collect();
    let accounts: Vec<String> = accounts.into_iter().collect();
    // An interim report has entries alone.
    let days = messages().flat_map(|it| {
        let balances = [it.opening, it.closing].into_iter().flatten().map(|it| it.date);
        balances.chain(it.tally.days.into_iter().flat_map(|(first, last)| [first, last]))
    });
    let days: BTreeSet<NaiveDate> = days.filter(|day| date_digits(*day).is_some()).collect();
    let [from, to] = [days.first(), days.last()].map(|day| day.map(NaiveDate::to_string));
    let [from, to] = [&from, &to].map(|day| day.as_deref().map_or(Value::Null, Value::Text));
    turn.add(STEP, ask::question(Table::BankStatements), &[Value::Texts(&keys)]).add(
        STEP,
        include_str!("../sql/statements_near.sql"),
        &[Value::Texts(&accounts), from, to],
    )
}

fn messages_of<'d>(document: &'d Document<'static>) -> &'d [Statement<'static>] {
    match document {
        Document::Statements(messages) => messages,
        _ => &[],
    }
}

/// Returns what is stored, out of the answers of [`ask`].
pub(super) fn found(answers: &mut Answers) -> Result<StoredStatements, StoreError> {
    let mut ids = HashMap::new();
    for row in answers.rows()? {
        let (key, stored) = ask::read(&row).map_err(StoreError::at(STEP))?;
        ids.insert(key, stored.id);
    }
    let near = answers.values::<StoredStatement>(STEP)?.into_iter().filter_map(|it| {
        let (id, import) = (it.id, it.import_id);
        Some((id, Near { kept: it.kept()?, import }))
    });
    Ok(StoredStatements { ids, near: near.collect() })
}

/// Returns the statements with these identifiers, and nothing for those that are not there.
pub(super) async fn statements_of(
    connection: &mut PgConnection,
    ids: HashSet<Uuid>,
) -> Result<HashMap<Uuid, Option<KeptStatement>>, StoreError> {
    let texts: Vec<String> = ids.iter().map(Uuid::to_string).collect();
    let found = Turn::default()
        .add(STEP, include_str!("../sql/statements_by_id.sql"), &[Value::Texts(&texts)])
        .take(connection)
        .await?
        .values::<StoredStatement>(STEP)?;
    let mut statements: HashMap<Uuid, Option<KeptStatement>> =
        ids.into_iter().map(|id| (id, None)).collect();
    statements.extend(found.into_iter().map(|it| (it.id, it.kept())));
    Ok(statements)
}

/// The statements of a group's files, in the order of the files.
#[derive(Debug)]
pub(crate) struct GroupStatements<'a> {
    all: Vec<OfFile<'a>>,
    stored: &'a StoredStatements,
}

/// The files of the statements that close, or open, with a balance of a day.
type Ends<'k> = HashMap<(&'k str, &'k str, NaiveDate, Decimal), BTreeSet<usize>>;

#[derive(Debug)]
struct OfFile<'a> {
    file: usize,
    kept: &'a KeptStatement,
    id: Uuid,
    /// Its row, where it is new.
    new: Option<StatementRow<'a>>,
}

impl<'a> GroupStatements<'a> {
    /// Counts the statements of the files, and tells the group the identifier of each.
    pub(super) fn of(
        files: &[&'a Landing<'_>],
        stored: &'a StoredStatements,
        group: &mut GroupLoad,
    ) -> Result<Self, StoreError> {
        let mut known = stored.ids.clone();
        let (mut all, mut ids) = (Vec::new(), Vec::new());
        for (file, landing) in files.iter().enumerate() {
            for kept in landing.entries.statements() {
                let Some(kept) = kept else {
                    ids.push(None);
                    continue;
                };
                let row = StatementRow::of(kept, landing.format);
                let counts = group.counts(file, Table::BankStatements)?;
                let (id, new) = match known.get(&row.key()) {
                    Some(id) => {
                        counts.duplicates += 1;
                        (*id, None)
                    }
                    None => {
                        counts.inserted += 1;
                        let id = group.ids.one();
                        known.insert(row.key(), id);
                        (id, Some(row))
                    }
                };
                ids.push(Some(id));
                all.push(OfFile { file, kept, id, new });
            }
        }
        group.know_statements(&Arc::from(ids));
        Ok(Self { all, stored })
    }

    /// Sends the new statements to their table.
    pub(super) async fn copy(
        &self,
        connection: &mut PgConnection,
        group: &GroupLoad,
    ) -> Result<(), StoreError> {
        let new = self.all.iter().filter_map(|it| Some((it.id, it.file, it.new.as_ref()?)));
        copy_statements(connection, new, &group.stamps).await
    }

    /// Returns what the statements settle: the new ones, and those that were there before an interim
    /// report came. Only what came in whole settles anything.
    pub(super) fn settling(&self, files: &[&Landing<'_>], group: &GroupLoad) -> Settling {
        let came_whole = self.all.iter().filter_map(|it| {
            let is_whole = it.kept.is_whole && files.get(it.file)?.accepted.is_empty();
            Some((it.kept, group.stamps.get(it.file)?.import_id)).filter(|_| is_whole)
        });
        let came_whole: Vec<(&KeptStatement, Uuid)> = came_whole.collect();
        let near = self.stored.near.values().filter(|it| it.kept.is_whole);
        let near = near.filter_map(|it| Some((&it.kept, it.import?)));
        let mut settling = Settling::default();
        settling.days_of(came_whole.iter().copied().chain(near).collect());
        let whole_by: HashMap<_, _> = came_whole.iter().map(|(it, by)| (it.stated(), by)).collect();
        let near = self.stored.near.iter().map(|(id, it)| (*id, &it.kept));
        let ours = self.all.iter().map(|it| (it.id, it.kept));
        for (id, kept) in near.chain(ours).filter(|(_, kept)| !kept.is_whole) {
            if let Some(import) = whole_by.get(&kept.stated()) {
                settling.statement(id, **import);
            }
        }
        settling
    }

    /// Notes the gaps beside the statements of the files: each gap with the last file that stands at
    /// one of its ends. A gap with both ends in that file was found when the file was checked.
    pub(super) fn note_gaps(&self, group: &mut GroupLoad) -> Result<(), StoreError> {
        let (mut closing, mut opening) = (Ends::default(), Ends::default());
        for OfFile { file, kept, .. } in &self.all {
            let end = |day, balance| (kept.account.as_str(), kept.currency.as_str(), day, balance);
            let closes = closing.entry(end(kept.closing_date, kept.closing));
            closes.or_default().insert(*file);
            let opens = opening.entry(end(kept.opening_date, kept.opening));
            opens.or_default().insert(*file);
        }
        let near = self.stored.near.values().map(|it| &it.kept);
        for covered in coverage(self.all.iter().map(|it| it.kept).chain(near)) {
            let AccountCoverage { account, currency, gaps, .. } = &covered;
            for gap in gaps {
                let end = |day, balance| (account.as_str(), currency.as_str(), day, balance);
                let before = closing.get(&end(gap.after, gap.closing));
                let behind = opening.get(&end(gap.opening_date, gap.opening));
                let last_of = |files: Option<&BTreeSet<usize>>| files?.last().copied();
                let Some(last) = last_of(before).max(last_of(behind)) else { continue };
                let has_last = |files: Option<&BTreeSet<usize>>| last_of(files) == Some(last);
                if !has_last(before) || !has_last(behind) {
                    group.imported(last)?.gaps.push(*gap);
                }
            }
        }
        Ok(())
    }
}
