//! A format that vama does not have, as CONTRIBUTING.md says to add one: a statement of one line
//! for the head and one line for each entry. No other code has to know it.

use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};

use chrono::NaiveDate;
use vama::inside::fault::Refusal;
use vama::inside::format::Format;
use vama::inside::road::Options;
use vama::inside::road::report::{ExitStatus, Status};
use vama::inside::source::Source;
use vama::record::{
    Balance, Currency, Dialect, Document, Entry, Line, Narrative, Statement, StatementKind, Tally,
    Terms,
};

use crate::world::{Company, told};

/// The format.
struct Lines;

/// How often an entry was read a second time.
static READ_AGAIN: AtomicUsize = AtomicUsize::new(0);

impl Format for Lines {
    fn name(&self) -> &'static str {
        "lines"
    }

    fn word(&self) -> &'static str {
        "statement"
    }

    fn export(&self) -> &'static str {
        "lines (statements)"
    }

    fn recognise(&self, source: &Source) -> bool {
        source.bytes().starts_with(b"account|")
    }

    fn read<'s>(&self, source: &'s Source) -> Result<Document<'s>, Refusal> {
        let text = source.text()?;
        let (head, entries) = text.split_once('\n').unwrap_or((text, ""));
        let head: Vec<&str> = head.split('|').collect();
        let [_, account, opening, closing] = head[..] else {
            return Err(Refusal::unreadable(1, "a head of another form"));
        };
        let balance = |amount: &str| Balance {
            line: 1,
            date: NaiveDate::from_ymd_opt(2026, 3, 31).unwrap(),
            amount: amount.parse().unwrap(),
            currency: Currency::RON,
            intermediate: false,
        };
        let (mut start, mut tally, mut read) =
            (text.len() - entries.len(), Tally::default(), vec![]);
        for (line, raw) in (2..).zip(entries.split_inclusive('\n')) {
            let entry = entry(raw.trim_end(), line).unwrap();
            tally.add(&entry);
            read.push(Entry { start: start as u64, ..entry });
            start += raw.len();
        }
        Ok(Document::Statements(vec![Statement {
            line: 1,
            kind: StatementKind::Booked,
            account: Cow::Borrowed(account),
            currency: Some(Currency::RON),
            number: Cow::Borrowed("1"),
            page: None,
            opening: Some(balance(opening)),
            closing: Some(balance(closing)),
            debits: None,
            credits: None,
            entries: read,
            tally,
            goes_on: false,
            damaged: Vec::new(),
            warnings: Vec::new(),
            dialect: &Lines,
        }]))
    }
}

impl std::fmt::Debug for Lines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Lines")
    }
}

impl Dialect for Lines {
    fn name(&self) -> &'static str {
        "Bank of Lines"
    }

    fn terms(&self) -> &'static Terms {
        &Terms {
            account: "account",
            opening: "opening",
            closing: "closing",
            debits: "debits",
            credits: "credits",
            interim: "so far",
        }
    }

    fn entry<'s>(&self, raw: &'s str, line: Line, _own: &str) -> Option<Entry<'s>> {
        READ_AGAIN.fetch_add(1, Ordering::Relaxed);
        entry(raw, line)
    }

    fn narrative<'s>(&self, entry: &Entry<'s>, _own: &str) -> Narrative<'s> {
        let details = entry.raw.rsplit('|').next().unwrap_or_default();
        Narrative { details: Cow::Borrowed(details), ..Narrative::default() }
    }
}

/// Reads `2026-03-02|-12.50|reference|text`.
fn entry(raw: &str, line: Line) -> Option<Entry<'_>> {
    let mut parts = raw.split('|');
    Some(Entry {
        is_expected: false,
        line,
        value_date: parts.next()?.parse().ok()?,
        booking_date: None,
        amount: parts.next()?.parse().ok()?,
        type_code: "NMSC",
        customer_reference: Cow::Borrowed(""),
        bank_reference: parts.next()?,
        raw,
        start: 0,
    })
}

#[tokio::test]
async fn a_further_statement_format_needs_its_room_alone_and_reads_an_entry_twice_at_most() {
    let mut company = Company::new("lines").await;
    let options = || Options { format: Some(&Lines), ..Options::default() };
    let file = "account|RO49AAAA1B31007593840000|100.00|97.50\n2026-03-02|-12.50|OP1|Chirie\n\
                2026-03-03|10.00|OP2|Client\n2026-03-03|10.00|OP2|Altul\n2026-03-03|-10.00||Taxa\n";
    let report = company.import_with("a.txt", file.as_bytes(), options()).await;
    assert_eq!(report.status, Status::Imported, "{}", told(&report));
    assert_eq!((report.read, report.inserted), (4, 4), "{}", told(&report));
    assert_eq!(report.sender, Some("Bank of Lines"));
    assert_eq!(READ_AGAIN.load(Ordering::Relaxed), 4, "once more each, although two are twins");
    let rows: Vec<(String, String)> = company
        .rows("select details, op_reference from bank_transactions order by transaction_date, details")
        .await;
    let rows: Vec<(&str, &str)> = rows.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let account = "RO49AAAA1B31007593840000";
    assert_eq!(rows, [("Chirie", "OP1"), ("Altul", "OP2"), ("Client", "OP2"), ("Taxa", account)]);

    // The same entries in another file, one of them in other words under no reference.
    let again = file.replace("Taxa", "Alta taxa");
    let report = company.import_with("b.txt", again.as_bytes(), options()).await;
    assert_eq!((report.duplicates, report.held), (3, 1), "{}", told(&report));
    assert_eq!(READ_AGAIN.load(Ordering::Relaxed), 8, "once more each, although one is held");

    let unbalanced = file.replace("97.50", "97.51");
    let report = company.import_with("c.txt", unbalanced.as_bytes(), options()).await;
    assert_eq!(report.exit(), ExitStatus::Refused, "{}", told(&report));
}
