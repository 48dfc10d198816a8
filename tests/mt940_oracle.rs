//! Our reader against the strict parser of the crate `mt940`: whatever the crate reads, our reader
//! reads the same way.

// Helpers of tests may fail as loudly as tests.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Once;
use std::{fs, io};

use mt940::sanitizers::{sanitize, to_swift_charset};
use mt940::{ExtDebitOrCredit, StatementLine, TransactionTypeIdentificationCode, parse_mt940};
use proptest::prelude::*;
use rust_decimal::Decimal;
use vama::inside::format::by_name;
use vama::inside::source::Source;
use vama::record::{Document, Entry, Statement};

/// Fixtures of which the crate loses an entry without a word: an indented `:61:` is text to it.
const LOST_BY_THE_ORACLE: [&str; 1] = ["10_indent_tags.sta"];

thread_local!(static IS_GUARDED: Cell<bool> = const { Cell::new(false) });

/// Returns what the crate reads, or `None` where it refuses or panics.
fn oracle(text: &str) -> Option<Vec<mt940::Message>> {
    static SILENCE: Once = Once::new();
    SILENCE.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !IS_GUARDED.get() {
                loud(info);
            }
        }));
    });
    IS_GUARDED.set(true);
    let read = panic::catch_unwind(AssertUnwindSafe(|| parse_mt940(text).ok()));
    IS_GUARDED.set(false);
    read.ok().flatten()
}

fn statements(source: &Source) -> Vec<Statement<'_>> {
    match by_name("mt940").unwrap().read(source).unwrap() {
        Document::Statements(statements) => statements,
        _ => panic!("not statements"),
    }
}

fn source(bytes: impl Into<Vec<u8>>) -> Source {
    Source::new("oracle.sta", None, bytes.into())
}

/// The crate swaps the names of the two reversals: `RC` is its `ReverseDebit`.
fn signed(line: &StatementLine) -> Decimal {
    match line.ext_debit_credit_indicator {
        ExtDebitOrCredit::Credit | ExtDebitOrCredit::ReverseCredit => line.amount,
        ExtDebitOrCredit::Debit | ExtDebitOrCredit::ReverseDebit => -line.amount,
    }
}

/// The crate keeps the three characters of the type, without the letter before them.
fn type_code(line: &StatementLine) -> String {
    match &line.transaction_type_ident_code {
        TransactionTypeIdentificationCode::NonStandard(code) => code.clone(),
        code => format!("{code:?}"),
    }
}

fn assert_same(ours: &Entry<'_>, theirs: &StatementLine, place: &str) {
    assert_eq!(ours.value_date, theirs.value_date, "{place}");
    assert_eq!(ours.amount, signed(theirs), "{place}");
    assert_eq!(to_swift_charset(&ours.type_code[1..]), type_code(theirs), "{place}");
    assert_eq!(reference(&ours.customer_reference), theirs.customer_ref.trim(), "{place}");
    let bank_reference = theirs.bank_ref.as_deref().unwrap_or_default();
    assert_eq!(reference(ours.bank_reference), bank_reference.trim(), "{place}");
}

/// Sanitising changes characters, so ours are changed the same way.
fn reference(ours: &str) -> String {
    if ours.is_empty() { String::new() } else { to_swift_charset(ours) }
}

/// Returns how many entries were compared.
fn compare(ours: &[Statement<'_>], theirs: &[mt940::Message], place: &str) -> usize {
    assert!(ours.iter().all(|statement| statement.damaged.is_empty()), "{place}");
    let ours: Vec<_> = ours.iter().flat_map(|statement| &statement.entries).collect();
    let theirs: Vec<_> = theirs.iter().flat_map(|message| &message.statement_lines).collect();
    assert_eq!(ours.len(), theirs.len(), "{place}");
    for (ours, theirs) in ours.iter().zip(theirs) {
        assert_same(ours, theirs, place);
    }
    ours.len()
}

fn fixtures() -> io::Result<Vec<(String, Vec<u8>)>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/mt940");
    let mut files = Vec::new();
    for folder in ["bank", "edge"] {
        for file in fs::read_dir(root.join(folder))? {
            let path = file?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let statement = name.ends_with(".sta") || name.ends_with(".txt");
            if statement && !LOST_BY_THE_ORACLE.contains(&&*name) {
                files.push((path.display().to_string(), fs::read(path)?));
            }
        }
    }
    Ok(files)
}

#[test]
fn the_fixtures_are_read_as_the_strict_parser_reads_them() {
    let (mut raw, mut sanitised) = (0, 0);
    for (place, bytes) in fixtures().unwrap() {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let source = source(bytes);
        let ours = statements(&source);
        if let Some(theirs) = oracle(&text) {
            compare(&ours, &theirs, &place);
            raw += 1;
        }
        if let Some(theirs) = oracle(&sanitize(&text)) {
            compare(&ours, &theirs, &place);
            sanitised += 1;
        }
    }
    assert!(raw >= 15 && sanitised >= 30, "only {raw} and {sanitised} files were compared");
}

/// A field 61 in the very form of the standard, with what may follow it.
fn entry() -> impl Strategy<Value = String> {
    let day = (20..30, 1..13, 1..29);
    let booking = prop::option::of((1..13, 1..29));
    let mark = prop::sample::select(vec!["C", "D", "RC", "RD"]);
    let amount = ("[0-9]{1,10}", "[0-9]{0,2}");
    let bank = prop::option::of("[A-Z0-9][A-Z0-9/ +-]{0,13}[A-Z0-9]");
    let references = ("[A-Z0-9][A-Z0-9 +-]{0,13}[A-Z0-9]", bank);
    let narrative = prop::option::of("[a-z0-9 ,.()?+-]{1,60}[a-z]\r\n[a-z][a-z0-9 /.-]{0,60}[a-z]");
    (day, booking, mark, "[A-Z]?", amount, "[NF][A-Z0-9]{3}", references, narrative).prop_map(
        |(day, booking, mark, funds, amount, kind, references, narrative)| {
            let booking = booking.map(|(month, day)| format!("{month:02}{day:02}"));
            let bank = references.1.map(|bank| format!("//{bank}"));
            let narrative = narrative.map(|text| format!(":86:{text}\r\n"));
            format!(
                ":61:{:02}{:02}{:02}{}{mark}{funds}{},{}{kind}{}{}\r\n{}",
                day.0,
                day.1,
                day.2,
                booking.unwrap_or_default(),
                amount.0,
                amount.1,
                references.0,
                bank.unwrap_or_default(),
                narrative.unwrap_or_default(),
            )
        },
    )
}

fn message() -> impl Strategy<Value = String> {
    let entries = prop::collection::vec(entry(), 0..6);
    ("[A-Z0-9]{1,16}", 1..99_999, entries, "(:64:C260131RON7,00\r\n)?").prop_map(
        |(reference, number, entries, available)| {
            format!(
                ":20:{reference}\r\n:25:RO49AAAA1B31007593840000\r\n:28C:{number}/1\r\n\
                 :60F:C260101RON100,00\r\n{}:62F:D260131RON7,\r\n{available}",
                entries.concat()
            )
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn strict_statements_are_read_as_the_strict_parser_reads_them(
        messages in prop::collection::vec(message(), 1..4)
    ) {
        let text = messages.concat();
        let theirs = oracle(&text).expect("the generator keeps to the standard");
        let source = source(text.clone());
        let ours = statements(&source);
        prop_assert_eq!(ours.len(), theirs.len());
        compare(&ours, &theirs, &text);
        for (ours, theirs) in ours.iter().zip(&theirs) {
            let closing = ours.closing.expect("a closing balance");
            prop_assert_eq!(closing.amount, -theirs.closing_balance.amount);
            prop_assert_eq!(closing.date, theirs.closing_balance.date);
            prop_assert_eq!(&*ours.number, &theirs.statement_no);
        }
    }
}
