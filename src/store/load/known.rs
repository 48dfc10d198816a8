//! Settlements that are there already, and what a settlement that comes again says of them.
//!
//! A courier sends a borderou once more with an amount put right, Netopia a batch with other lines.
//! Beside the first one each of its lines would count twice.

use std::collections::HashMap;

use uuid::Uuid;

use crate::row::{Line, Table};

/// A line of a settlement that is there.
#[derive(Debug)]
pub(super) struct KnownLine {
    /// The name that it has in its settlement: a parcel's number, an operation's identifier.
    pub(super) name: String,
    /// Its row's key.
    pub(super) key: Option<String>,
    /// Its amounts; `None` where one is missing, which contradicts nothing.
    pub(super) says: Option<String>,
}

/// A settlement that is stored, or stands in an earlier file of the same run.
#[derive(Debug)]
pub(super) struct KnownSettlement {
    /// Its row's identifier; none where it came in the same run.
    pub(super) id: Option<Uuid>,
    /// How many lines of it could not be read, and are held; none where its file has several settlements.
    pub(super) damaged: usize,
    /// Its row's key.
    pub(super) key: Option<String>,
    /// The number of the import that brought it; none where it came in the same run, or somebody else
    /// wrote it.
    pub(super) import: Option<i64>,
    /// Its day and amount; `None` where one is missing.
    pub(super) says: Option<String>,
    pub(super) lines: Vec<KnownLine>,
}

/// One line of a stored settlement, as the database tells it.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct KnownColumns {
    pub(crate) settlement: Uuid,
    key: Option<String>,
    account: String,
    pub(crate) import: Option<i64>,
    says: Option<String>,
    line: Option<String>,
    line_key: Option<String>,
    line_says: Option<String>,
    damaged: i64,
}

/// Returns the statement that finds stored settlements by those of a file, for the table of their
/// heads; and the columns whose values it takes.
pub(crate) fn known_statement(heads: Table) -> Option<(&'static str, &'static [&'static str])> {
    match heads {
        Table::GlsBorderouri => Some((
            include_str!("../sql/known_gls_borderouri.sql"),
            &["parcel_number", "account_iban"],
        )),
        Table::NetopiaBatches => {
            Some((include_str!("../sql/known_netopia_batches.sql"), &["batch_id"]))
        }
        Table::CourierBorderouri => Some((
            include_str!("../sql/known_courier_borderouri.sql"),
            &["awb_number", "account_iban"],
        )),
        Table::EmagDocuments => {
            Some((include_str!("../sql/known_emag_documents.sql"), &["document_hash"]))
        }
        _ => None,
    }
}

/// The settlements that are there, by what finds them: the account with a line's name, or the key.
#[derive(Debug, Default)]
pub(super) struct Book {
    settlements: Vec<KnownSettlement>,
    found_by: HashMap<(String, String), Vec<usize>>,
}

impl Book {
    /// Makes the book of the lines that the database told, those of one settlement together.
    pub(super) fn of(columns: Vec<KnownColumns>) -> Self {
        let mut book = Self::default();
        let mut last = None;
        for it in columns {
            if last.replace(it.settlement) != Some(it.settlement) {
                let (key, import, says) = (it.key.clone(), it.import, it.says.clone());
                let damaged = usize::try_from(it.damaged).unwrap_or_default();
                let (id, lines) = (Some(it.settlement), Vec::new());
                book.settlements.push(KnownSettlement { id, damaged, key, import, says, lines });
            }
            let at = book.settlements.len() - 1;
            book.finds((String::new(), it.key.unwrap_or_default()), at);
            let Some(name) = it.line else { continue };
            book.finds((it.account, name.clone()), at);
            if let Some(settlement) = book.settlements.get_mut(at) {
                let (key, says) = (it.line_key, it.line_says);
                settlement.lines.push(KnownLine { name, key, says });
            }
        }
        book
    }

    /// Adds a settlement of an earlier file of the run.
    pub(super) fn add(&mut self, account: &str, known: KnownSettlement) {
        let at = self.settlements.len();
        self.finds((String::new(), known.key.clone().unwrap_or_default()), at);
        for line in &known.lines {
            self.finds((account.to_owned(), line.name.clone()), at);
        }
        self.settlements.push(known);
    }

    fn finds(&mut self, by: (String, String), at: usize) {
        let found = self.found_by.entry(by).or_default();
        if found.last() != Some(&at) {
            found.push(at);
        }
    }

    /// Returns the settlement of that key.
    pub(super) fn of_key(&self, key: &str) -> Vec<&KnownSettlement> {
        self.found(&[(String::new(), key.to_owned())])
    }

    /// Returns the settlements of an account that have one of these lines. A row without an account,
    /// which somebody else wrote, may be of any.
    pub(super) fn with_lines<L: Line>(&self, account: &str, lines: &[L]) -> Vec<&KnownSettlement> {
        let by = |account: &str, line: &L| (account.to_owned(), line.name().to_owned());
        let ours = lines.iter().map(|line| by(account, line));
        self.found(&ours.chain(lines.iter().map(|line| by("", line))).collect::<Vec<_>>())
    }

    fn found(&self, by: &[(String, String)]) -> Vec<&KnownSettlement> {
        let mut at: Vec<usize> =
            by.iter().filter_map(|by| self.found_by.get(by)).flatten().copied().collect();
        at.sort_unstable();
        at.dedup();
        at.into_iter().filter_map(|at| self.settlements.get(at)).collect()
    }
}

/// What a line says of the settlements that are there.
#[derive(Debug, Clone, Copy)]
pub(super) enum LineFate<'k> {
    /// A line of that name has the same amounts.
    Same,
    /// A line of that name has other amounts.
    Differs(&'k KnownSettlement, &'k KnownLine),
    /// None has that name.
    Further,
}

/// What a settlement says of those that are there.
#[derive(Debug)]
pub(super) struct Compared<'k> {
    /// One for each of its lines.
    pub(super) fates: Vec<LineFate<'k>>,
    /// Lines that are there and that it does not have.
    pub(super) missing: usize,
}

/// Compares lines with those of settlements that are there, one to one: first those that say the same.
pub(super) fn compare<'k, L: Line>(lines: &[L], known: &[&'k KnownSettlement]) -> Compared<'k> {
    let mut left: HashMap<&str, Vec<(&KnownSettlement, &KnownLine)>> = HashMap::new();
    for (settlement, line) in
        known.iter().flat_map(|it| it.lines.iter().map(move |line| (*it, line)))
    {
        left.entry(&line.name).or_default().push((settlement, line));
    }
    let mut take = |line: &L, fits: &dyn Fn(&KnownLine) -> bool| {
        let of_name = left.get_mut(line.name())?;
        let at = of_name.iter().position(|(_, known)| fits(known))?;
        Some(of_name.swap_remove(at))
    };
    let same: Vec<bool> = lines
        .iter()
        .map(|line| {
            let says = line.says_briefly();
            let is_same = |known: &KnownLine| known.says.as_ref().is_none_or(|it| *it == says);
            take(line, &is_same).is_some()
        })
        .collect();
    let fates = lines.iter().zip(same).map(|(line, same)| match same {
        true => LineFate::Same,
        false => take(line, &|_| true)
            .map_or(LineFate::Further, |(settlement, known)| LineFate::Differs(settlement, known)),
    });
    let fates = fates.collect();
    Compared { fates, missing: left.values().map(Vec::len).sum() }
}

impl Compared<'_> {
    /// Returns whether it is one of these settlements with those of its lines that could not be read.
    pub(super) fn completes(&self, known: &[&KnownSettlement]) -> bool {
        let (differing, further) = self.counts();
        let [one] = known else { return false };
        differing == 0 && self.missing == 0 && further > 0 && further <= one.damaged
    }

    /// Returns whether it has the very lines that are there.
    pub(super) fn is_all_the_same(&self) -> bool {
        self.counts() == (0, 0) && self.missing == 0
    }

    /// Returns how many lines have other amounts, and how many are not there.
    pub(super) fn counts(&self) -> (usize, usize) {
        let count =
            |which: fn(&LineFate<'_>) -> bool| self.fates.iter().filter(|it| which(it)).count();
        (
            count(|it| matches!(it, LineFate::Differs(..))),
            count(|it| matches!(it, LineFate::Further)),
        )
    }
}
