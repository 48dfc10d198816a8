//! Each fixture beside the rows it must become, for people to read.
//!
//! `UPDATE_GOLDEN=1 cargo test --test it golden` writes the `.rows` files anew; read what changed
//! before committing it. Identifiers made at random and empty columns are left out.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;
use vama::inside::check::check;
use vama::inside::fault::Refusal;
use vama::inside::format::detect;
use vama::inside::plan::Entries;
use vama::inside::road::Contents;
use vama::inside::road::meter::Meter;
use vama::inside::row::key::Key;
use vama::inside::row::{
    BankTransaction, BorderouRows, BorderouTables, ColumnWriter, HeldRow, Identity, OfGls,
    OfOthers, Row, Said, Stamp, State, Table, batch_rows, borderou_rows, invoice_states,
    order_rows, payout_rows,
};
use vama::inside::source::{Source, Sources};
use vama::record::{Borderou, Courier, Document};

use crate::memory::Memory;

/// The tables whose rows are shown one by one; those of the others are shown as lists.
const ONE_BY_ONE: [&str; 5] = [
    "bank_transactions",
    "gls_borderouri",
    "netopia_batches",
    "courier_borderouri",
    "emag_documents",
];

#[test]
fn statements_of_banks_become_their_rows() {
    compare("mt940/bank");
}

#[test]
fn odd_statements_become_their_rows() {
    compare("mt940/edge");
}

#[test]
fn borderouri_become_their_rows() {
    compare("gls");
    compare("sameday");
}

#[test]
fn batches_become_their_rows() {
    compare("netopia");
}

#[test]
fn payout_documents_become_their_rows() {
    compare("emag");
}

/// Compares each file of the folder with the text beside it.
fn compare(folder: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let mut names: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut wrong = String::new();
    for name in &names {
        if let Some(fixture) = name.strip_suffix(".rows") {
            assert!(names.iter().any(|it| it == fixture), "{name} stands beside no fixture");
        } else if !name.ends_with(".tsv") {
            let told = told(name, fs::read(folder.join(name)).unwrap());
            let path = folder.join(format!("{name}.rows"));
            let expected = fs::read_to_string(&path).unwrap_or_default();
            if told == expected {
                continue;
            }
            if std::env::var_os("UPDATE_GOLDEN").is_some() {
                fs::write(path, told).unwrap();
            } else {
                write!(wrong, "\n{name}.rows (- expected, + found):\n").unwrap();
                wrong.push_str(&difference(&expected, &told));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{wrong}\nwhere the found ones are right: UPDATE_GOLDEN=1 cargo test --test it golden"
    );
}

/// What becomes of a file, as text.
fn told(name: &str, bytes: Vec<u8>) -> String {
    let mut out = String::new();
    match Sources::of_bytes(name, bytes) {
        Ok(sources) => {
            for source in sources {
                match source {
                    Ok(source) => tell_source(&Arc::new(source), &mut out),
                    Err(refused) => writeln!(out, "refused: {refused:?}").unwrap(),
                }
            }
        }
        Err(error) => writeln!(out, "refused: {error:?}").unwrap(),
    }
    out
}

fn tell_source(source: &Arc<Source>, out: &mut String) {
    if let Some(member) = source.member() {
        writeln!(out, "member {member}").unwrap();
    }
    let read = detect(source)
        .and_then(|format| Ok((format.name(), Contents::of(source, format, &Meter::default())?)));
    match read.and_then(|(format, reading)| Ok((format, check(&reading.document)?, reading))) {
        Err(refusal) => refused(&refusal, out),
        Ok((format, findings, reading)) => {
            findings.unbalanced.iter().for_each(|refusal| refused(refusal, out));
            let rows = Rows::of(&reading, source.file_name());
            let word = if findings.unbalanced.is_empty() { "checked" } else { "if accepted" };
            head(format, word, &reading.document, &rows, out);
            for warning in &findings.warnings {
                writeln!(out, "warning: {warning}").unwrap();
            }
            rows.tell(out);
        }
    }
}

fn refused(refusal: &Refusal, out: &mut String) {
    writeln!(out, "refused: {refusal}\n  {}", refusal.advice()).unwrap();
}

fn head(format: &str, word: &str, document: &Document<'_>, rows: &Rows, out: &mut String) {
    let (table, summary) = (Table::of_records(document).name(), document.summary());
    let known = rows.known.get(table).copied().unwrap_or_default();
    let held = rows.held.iter().filter(|held| held.table == table).count();
    let shown = rows.tables.iter().find(|it| it.name == table).map_or(0, |it| it.rows.len());
    let new = rows.new.get(table).copied().unwrap_or(shown);
    let read = summary.read;
    assert_eq!(read as usize, new + known + held, "read = new + known + held");
    writeln!(out, "{word}: {format}, {read} read = {new} new + {known} known + {held} held")
        .unwrap();
    let accounts: Vec<&str> =
        summary.accounts.iter().chain(&summary.aliases).map(String::as_str).collect();
    writeln!(out, "of {}", accounts.join(", ")).unwrap();
    if let Some(period) = summary.period {
        let sums = summary.sum.iter().map(|(currency, sum)| format!("{sum:.2} {currency}"));
        let sums: Vec<String> = sums.collect();
        writeln!(out, "{} to {}: {}", period.from, period.to, sums.join(", ")).unwrap();
    }
}

/// The rows of one table.
struct Shown {
    name: &'static str,
    columns: Vec<String>,
    /// Each with its line.
    rows: Vec<Vec<Option<String>>>,
}

struct Held {
    table: &'static str,
    line: u32,
    /// Kind, key and reason.
    why: String,
    raw: String,
}

/// What a document becomes, where nothing is stored yet.
#[derive(Default)]
struct Rows {
    tables: Vec<Shown>,
    /// Orders or invoices that are new, by table.
    new: BTreeMap<&'static str, usize>,
    /// Rows that are there already, by table.
    known: BTreeMap<&'static str, usize>,
    held: Vec<Held>,
}

impl Rows {
    fn of(reading: &Contents, file_name: &str) -> Self {
        let document = &reading.document;
        let summary = document.summary();
        let own_accounts = summary.accounts.iter().cloned().collect();
        let file_name = file_name.to_owned();
        let statement_ids = Arc::default();
        let import_id = Uuid::nil();
        let stamp = Stamp { import_id, file_name, mail: None, own_accounts, statement_ids };
        let mut rows = Self::default();
        match document {
            Document::Statements(_) => rows.entries(&reading.entries, &stamp),
            Document::Borderouri(borderouri) => {
                let of = |courier| {
                    let all = borderouri.iter().filter(move |it| it.courier == courier);
                    all.collect::<Vec<_>>()
                };
                rows.borderouri::<OfGls>(&of(Courier::Gls), &stamp);
                rows.borderouri::<OfOthers>(&of(Courier::Sameday), &stamp);
            }
            Document::Payout(document) => {
                let (head, lines) = payout_rows(document);
                rows.settle(&[head], &stamp);
                rows.settle(&lines, &stamp);
            }
            Document::Orders(list) => {
                let all = order_rows(list);
                let (states, sold): (Vec<_>, Vec<_>) =
                    all.into_iter().map(|it| (it.state, (it.products, it.sales))).unzip();
                let went_in = rows.states(&states, &stamp);
                let sold =
                    sold.into_iter().zip(went_in).filter_map(|(sold, in_it)| in_it.then_some(sold));
                let (products, sales): (Vec<_>, Vec<_>) = sold.unzip();
                rows.settle(&products.into_iter().flatten().collect::<Vec<_>>(), &stamp);
                rows.settle(&sales.into_iter().flatten().collect::<Vec<_>>(), &stamp);
            }
            Document::Invoices(report) => {
                rows.states(&invoice_states(report), &stamp);
            }
            Document::Batch(batch) => {
                let (head, operations) = batch_rows(batch);
                rows.settle(&[head], &stamp);
                rows.settle(&operations, &stamp);
            }
        }
        HeldRow::of_damaged(document, 0).into_iter().for_each(|held| rows.hold(held));
        rows.held.sort_by_key(|held| held.line);
        rows
    }

    fn borderouri<T: BorderouTables>(&mut self, borderouri: &[&Borderou], stamp: &Stamp) {
        if borderouri.is_empty() {
            return;
        }
        let (mut heads, mut listed, mut alone) = (Vec::new(), Vec::new(), Vec::new());
        for borderou in borderouri {
            let BorderouRows { head, parcels, by_themselves } = borderou_rows::<T>(borderou);
            heads.push(head);
            listed.extend(parcels);
            alone.extend(by_themselves);
        }
        self.settle(&heads, stamp);
        self.settle(&listed, stamp);
        self.settle(&alone, stamp);
    }

    fn entries(&mut self, entries: &Arc<Entries>, stamp: &Stamp) {
        let mut memory = Memory::default();
        let bucket = entries.bucket(0..entries.len()).unwrap();
        let (bucket, mut plan) = memory.import(bucket);
        // In the order of the file.
        let line = |row: &(Key, u32)| bucket.with_row(*row, |it| it.raw().1).unwrap();
        plan.new.sort_by_key(line);
        plan.conflicts.sort_by_key(line);
        let printed = plan.new.iter().map(|row| bucket.with_row(*row, |row| printed(row, stamp)));
        self.add::<BankTransaction<'_>>(printed.map(Result::unwrap).collect());
        self.known.insert("bank_transactions", plan.duplicates.len());
        for row in &plan.conflicts {
            bucket.with_row(*row, |it| self.conflict(it, &memory.0[&row.0])).unwrap();
        }
        for entry in &plan.interim {
            self.hold(bucket.interim(*entry).unwrap());
        }
    }

    /// Decides about rows with natural keys: the first row of a key goes in.
    fn settle<R: Row>(&mut self, rows: &[R], stamp: &Stamp) {
        let mut stored: HashMap<String, Said> = HashMap::new();
        let mut new = Vec::new();
        for row in rows {
            match stored.get(&*row.key()) {
                None => {
                    stored.insert(row.key().into_owned(), row.says());
                    new.push(row);
                }
                Some(known) if row.says().agrees(known) => {
                    *self.known.entry(R::TABLE.name()).or_default() += 1;
                }
                Some(known) => self.conflict(row, known),
            }
        }
        self.add::<R>(new.into_iter().map(|row| printed(row, stamp)).collect());
    }

    /// Decides about what a file says of orders or invoices, of which none is stored yet: the first record
    /// of each is new, those that contradict it are held. Returns of each whether it went in.
    fn states<S: State>(&mut self, states: &[S], stamp: &Stamp) -> Vec<bool> {
        let mut identities: HashMap<&str, Identity> = HashMap::new();
        let (mut said, mut shown, mut went_in) = (HashSet::new(), Vec::new(), Vec::new());
        for state in states {
            let known = identities.get_mut(state.name());
            let differs = known.as_ref().map(|it| state.identity().contradictions(it));
            if let Some(differs) = differs.filter(|it| !it.is_empty()) {
                let (raw, line) = state.raw();
                let reason = format!("{} differs in: {}", state.name(), differs.join(", "));
                self.hold(HeldRow::conflict(S::OF, None, reason, (raw, line)));
                went_in.push(false);
                continue;
            }
            match known {
                Some(known) => {
                    known.fill(state.identity());
                    *self.known.entry(S::OF.name()).or_default() += 1;
                }
                None => {
                    identities.insert(state.name(), state.identity());
                }
            }
            went_in.push(true);
            if said.insert(state.key()) {
                shown.push(state);
            }
        }
        self.new.insert(S::OF.name(), identities.len());
        self.add::<S>(shown.into_iter().map(|state| printed(state, stamp)).collect());
        went_in
    }

    fn hold(&mut self, held: HeldRow) {
        self.held.push(Held {
            table: held.table.name(),
            line: held.line,
            why: format!("{}: {}", held.kind.name(), held.reason),
            raw: held.raw,
        });
    }

    fn conflict<R: Row>(&mut self, row: &R, known: &Said) {
        let (raw, line) = row.raw();
        let differs = row.says().differences(known, R::SAYS).join(", ");
        self.held.push(Held {
            table: R::TABLE.name(),
            line,
            why: format!("conflict: {} differs in: {differs}", row.key()),
            raw: raw.into_owned(),
        });
    }

    fn add<R: Row>(&mut self, rows: Vec<Vec<Option<String>>>) {
        let name = R::TABLE.name();
        self.tables.push(Shown { name, columns: columns_of(name), rows });
    }

    fn tell(&self, out: &mut String) {
        for table in &self.tables {
            if ONE_BY_ONE.contains(&table.name) {
                table.tell_one_by_one(out);
            } else {
                table.tell_list(out);
            }
        }
        for held in &self.held {
            writeln!(out, "\nheld, line {}: {}", held.line, held.why).unwrap();
            held.raw.lines().for_each(|line| writeln!(out, "  | {line}").unwrap());
        }
    }
}

fn printed<R: Row>(row: &R, stamp: &Stamp) -> Vec<Option<String>> {
    let mut printed = Printed::default();
    row.put(Uuid::nil(), stamp, &mut printed);
    let name = R::TABLE.name();
    assert_eq!(printed.0.len(), columns_of(name).len(), "the columns of {name}");
    printed.0
}

impl Shown {
    fn tell_one_by_one(&self, out: &mut String) {
        for row in &self.rows {
            writeln!(out, "\n{}", self.name).unwrap();
            for (column, value) in self.columns.iter().zip(row) {
                if let Some(value) = value {
                    writeln!(out, "  {column:<20} {value}").unwrap();
                }
            }
        }
    }

    /// Writes the rows as a list: aligned, without columns that no row fills.
    fn tell_list(&self, out: &mut String) {
        let mut lines = vec![String::new(); self.rows.len() + 1];
        for (at, column) in self.columns.iter().enumerate() {
            let values: Vec<&str> =
                self.rows.iter().map(|row| row[at].as_deref().unwrap_or_default()).collect();
            if values.iter().all(|value| value.is_empty()) {
                continue;
            }
            let cells: Vec<&str> = std::iter::once(column.as_str()).chain(values).collect();
            let width = cells.iter().map(|cell| cell.chars().count()).max().unwrap();
            for (line, cell) in lines.iter_mut().zip(cells) {
                write!(line, "  {cell:<width$}").unwrap();
            }
        }
        writeln!(out, "\n{}", self.name).unwrap();
        lines.iter().for_each(|line| writeln!(out, "{}", line.trim_end()).unwrap());
    }
}

/// The columns of a table in the order of its COPY statement.
fn columns_of(table: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/sql");
    let sql = fs::read_to_string(folder.join(format!("copy_{table}.sql"))).unwrap();
    let (_, behind) = sql.split_once(&format!("copy {table} (")).unwrap();
    let (columns, _) = behind.split_once(')').unwrap();
    columns.split(',').map(|column| column.trim().to_owned()).collect()
}

/// The columns of one row as text.
#[derive(Default)]
struct Printed(Vec<Option<String>>);

impl ColumnWriter for Printed {
    fn uuid(&mut self, _value: Uuid) {
        self.0.push(None);
    }

    fn text(&mut self, value: Option<&str>) {
        self.0.push(value.map(str::to_owned));
    }

    fn date(&mut self, value: Option<NaiveDate>) {
        self.0.push(value.map(|it| it.to_string()));
    }

    fn moment(&mut self, value: NaiveDateTime) {
        self.0.push(Some(value.to_string()));
    }

    fn instant(&mut self, value: Option<DateTime<Utc>>) {
        self.0.push(value.map(|it| it.to_string()));
    }

    fn decimal(&mut self, value: Decimal) {
        let exact = value.normalize();
        self.0.push(Some(if exact.scale() < 2 {
            format!("{exact:.2}")
        } else {
            exact.to_string()
        }));
    }

    fn int(&mut self, value: u32) {
        self.0.push(Some(value.to_string()));
    }

    fn bool(&mut self, value: bool) {
        self.0.push(Some(if value { "yes" } else { "no" }.to_owned()));
    }
}

/// Returns the lines that only one of the two texts has, each with its sign.
fn difference(expected: &str, found: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), found.lines().collect());
    // common[i][j]: how many lines old[i..] and new[j..] have in common, in order.
    let mut common = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = match old[i] == new[j] {
                true => common[i + 1][j + 1] + 1,
                false => common[i + 1][j].max(common[i][j + 1]),
            };
        }
    }
    let (mut i, mut j, mut told) = (0, 0, String::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || (i < old.len() && common[i + 1][j] >= common[i][j + 1]) {
            writeln!(told, "  {:>4} - {}", i + 1, old[i]).unwrap();
            i += 1;
        } else {
            writeln!(told, "  {:>4} + {}", j + 1, new[j]).unwrap();
            j += 1;
        }
    }
    told
}
