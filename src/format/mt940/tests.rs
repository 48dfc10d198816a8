//! Whole files: the fixtures, where messages and entries end, and any bytes at all.

use std::fs;
use std::io::{Seek as _, Write as _};
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use crate::fault::Refusal;
use crate::format::mt940::{Mt940, parts};
use crate::format::{Format, detect};
use crate::record::{Currency, Damaged, Document, Entry, Statement, StatementKind, Warning};
use crate::source::Source;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/mt940").join(name)
}

fn source(text: impl Into<Vec<u8>>) -> Source {
    Source::new("test.sta", None, text.into())
}

fn statements(source: &Source) -> Vec<Statement<'_>> {
    match Mt940.read(source) {
        Ok(Document::Statements(statements)) => statements,
        Ok(_) => panic!("not statements"),
        Err(Refusal::Unreadable { line: None, .. }) => Vec::new(),
        Err(refusal) => panic!("{refusal}"),
    }
}

fn count(statements: &[Statement]) -> usize {
    let found = |statement: &Statement| statement.entries.len() + statement.damaged.len();
    statements.iter().map(found).sum()
}

/// Returns how far the closing balance is off, where both balances are there.
fn difference(statement: &Statement) -> Option<rust_decimal::Decimal> {
    let (opening, closing) = (statement.opening?, statement.closing?);
    let sum: rust_decimal::Decimal = statement.entries.iter().map(|entry| entry.amount).sum();
    Some(closing.amount - opening.amount - sum).filter(|difference| !difference.is_zero())
}

#[test]
fn every_fixture_keeps_all_its_entries() {
    for name in ["bank", "edge"] {
        let expected = fs::read_to_string(folder(name).join("expected.tsv")).unwrap();
        for line in expected.lines() {
            let (file, entries) = line.split_once('\t').unwrap();
            let source = source(fs::read(folder(name).join(file)).unwrap());
            assert_eq!(detect(&source).unwrap().name(), "mt940", "{file}");
            let statements = statements(&source);
            assert_eq!(count(&statements).to_string(), entries, "{file}");
            for statement in statements.iter().filter(|_| name == "bank") {
                assert_eq!(difference(statement), None, "{file}");
                assert!(statement.damaged.is_empty() && statement.warnings.is_empty(), "{file}");
                assert_eq!(statement.account.len(), 24, "{file}");
            }
        }
    }
}

#[test]
fn only_broken_entries_of_the_edge_files_are_damaged() {
    let damaged = |file: &str| {
        let source = source(fs::read(folder("edge").join(file)).unwrap());
        statements(&source).iter().map(|it| it.damaged.len()).sum::<usize>()
    };
    let files = fs::read_dir(folder("edge")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut broken: Vec<_> =
        names.filter(|name| name.ends_with(".sta") && damaged(name) > 0).collect();
    broken.sort();
    assert_eq!(broken, ["41_two_msgs_second_bad.sta"]);
}

#[test]
fn an_entry_keeps_its_lines_from_the_tag_to_the_end_of_its_narrative() {
    let source = source(
        "{1:F01BTRLRO22AXXX00000000000}{2:I940BTRLRO22XXXXN}{4:\r\n:20:A\r\n:25:X\r\n:28C:7/2\r\n\
         :60F:C260101RON0,\r\n:86:inainte\r\n\u{1} :61:260105C1,NTRFX\r\n\r\ndetalii\r\n:86:unu\r\n\
         :20:45 rest\r\n:86:doi\r\n-\r\n:28:30 trei\r\n:61:260105C1,NTRFY\r\n:NS:22patru\r\n\
         :62FC260131RON2,\r\n:62F:C260131RON2,00\r\n:86:dupa\r\n-}{5:}{1:F01X}{4:\r\n:20:B\r\n",
    );
    let statements = statements(&source);
    assert_eq!(statements.len(), 2);
    let first = &statements[0];
    assert_eq!((first.line, &*first.number, first.page), (1, "7", Some(2)));
    let raw: Vec<_> = first.entries.iter().map(|entry| (entry.line, entry.raw)).collect();
    let expected = [
        (
            7,
            ":61:260105C1,NTRFX\r\n\r\ndetalii\r\n:86:unu\r\n:20:45 rest\r\n:86:doi\r\n-\r\n\
             :28:30 trei",
        ),
        (15, ":61:260105C1,NTRFY\r\n:NS:22patru\r\n:62FC260131RON2,"),
    ];
    assert_eq!(raw, expected);
    assert_eq!(statements[1].line, 20);
}

#[test]
fn a_message_ends_where_the_next_begins() {
    let cases: [(&str, &[usize]); 8] = [
        (":20:A\n:25:X\n:61:260105C1,\n:20:B\n:25:X\n:61:260105C1,\n", &[1, 1]),
        (":20:A\n:25:X\n:61:260105C1,\n-\nBANK\n940\n:20:B\n:61:260105C1,\n", &[1, 1]),
        (":20:A\n:62F:C260101RON0,\n:20:B\n:61:260105C1,\n", &[0, 1]),
        (":20:A\n:61:260105C1,\n:86:x\n:20:45\n:61:260105C1,\n", &[2]),
        (":20:A\n:61:260105C1,\n{1:F01X}{2:I940X}{4::61:260105C1,\n-}", &[1, 1]),
        (":61:260105C1,\n:62F:C260101RON0,\n:61:bad\n", &[2]),
        (":20:A\n:25:X\n\n:20:B\n:25:Y\n", &[0, 0]),
        ("1\n2\n:12:30\n-\n{4:\n", &[]),
    ];
    for (text, expected) in cases {
        let source = source(text);
        let found: Vec<_> =
            statements(&source).iter().map(|it| count(std::slice::from_ref(it))).collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn a_preamble_and_a_closer_are_no_text_of_an_entry() {
    let text =
        ":20:A\n:25:X\n:61:260105C1,\n:86:x\n-\nBANK\n940\n:20:B\n:25:X\n:61:260105C1,\n-\nrest";
    let source = source(text);
    let statements = statements(&source);
    assert_eq!(statements[0].entries[0].raw, ":61:260105C1,\n:86:x");
    assert_eq!(statements[1].entries[0].raw, ":61:260105C1,\n-\nrest");
}

#[test]
fn an_interim_report_is_told_from_a_statement() {
    let interim = source(
        ":20:A\n:25:X\n:34F:PLN0\n:13D:1701191815+0100\n:61:1701190119CN0,01NTRFX\n\
         :90D:0PLN0,00\n:90C:1PLN0,01\n-\u{3}",
    );
    let statement = &statements(&interim)[0];
    assert_eq!(statement.kind, StatementKind::Interim);
    assert_eq!(statement.currency, Currency::new("PLN"));
    assert_eq!(statement.credits.map(|credits| credits.count), Some(1));
    assert_eq!(statement.debits.map(|debits| debits.line), Some(6));
    let closed = ":20:A\n:13D:1701191815\n:60F:C260101RON0,\n:62F:C260101RON0,";
    for booked in [closed, ":20:A\n:61:260105C1,"] {
        assert_eq!(statements(&source(booked))[0].kind, StatementKind::Booked, "{booked}");
    }
    // Money that a bank has only pending: an opening balance, and none that closes.
    let pending = source(":20:A\n:60F:C260101RON0,\n:34F:ROND10,99\n:13D:2601052221+0200");
    assert_eq!(statements(&pending)[0].kind, StatementKind::Interim);
    let header = source("{1:F01X}{2:O9421200}{4:\n:20:A\n:25:X\n");
    assert_eq!(statements(&header)[0].kind, StatementKind::Interim);
}

#[test]
fn a_balance_without_currency_takes_the_other_ones_and_a_broken_one_is_left_out() {
    let source = source(
        ":20:A\n:60F:C260101RON1,\n:62M:C2601012,00\n:20:B\n:60F:C2601011,\n:62F:Dnullnull7414,3\n\
         :20:C\n:60F:C260101RON1,\n:60M:C260101RON7,\n:62F:C260101RON3,\n:65F:C260101RON4,\n",
    );
    let statements = statements(&source);
    let amount = |balance: Option<crate::record::Balance>| balance.map(|it| it.amount.to_string());
    let told: Vec<_> = statements
        .iter()
        .map(|it| (amount(it.opening), amount(it.closing), it.warnings.len()))
        .collect();
    let some = |amount: &str| Some(amount.to_owned());
    let expected = [(some("1"), some("2.00"), 0), (None, None, 2), (some("1"), some("3"), 0)];
    assert_eq!(told, expected);
    assert!(statements[0].closing.unwrap().intermediate);
}

#[test]
fn files_of_other_kinds_are_not_recognised() {
    let others: [&[u8]; 8] = [
        b"",
        b"1\n2\n3\n",
        b"\"#\",\"Comerciant\",\"Id\"\n:25:30,1,2\n",
        b"PK\x03\x04\x14\0\n:60F:C260101RON1,00\n",
        b"%PDF-1.7\n%\xe2\xe3\n:86:x\n",
        b"Programul incepe la 12\n:20:30 sau\n:28:15 cel tarziu\n:61: camera\n:21:00\n",
        b"{1: x}\n-}\n",
        b"-\n:NS:\n",
    ];
    for bytes in others {
        assert!(!Mt940.recognise(&source(bytes)), "{}", String::from_utf8_lossy(bytes));
    }
    assert!(Mt940.recognise(&source("{1:F01X}{2:I940X}{4:")));
    let refusal = Mt940.read(&source("1\n2\n")).unwrap_err();
    assert_eq!(refusal.kind(), "unreadable");
}

/// Lines that look like tags, are tags, or stand between messages.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ \u{1}\t\u{feff}]{0,2}:(2[01]|25P?|28C?|6[02][FM]|64|65F?|NS|13D|34F|90[DC]|86|86|61|61|61)\
         :[CDR0-9a-zA-Z/, ăș-]{0,20}",
        ":61:[0-9]{6}([0-9]{4}|    )?[RE]?[CDcd][A-Z]?[0-9]{1,18}[,.]?[0-9]{0,3}[A-Z]{0,4}[a-z/ ă]{0,40}",
        ":6[02][FM]:[CD][0-9]{6}(RON|EUR)?[0-9]{1,4},[0-9]{0,2}",
        "-|-}|}|-}\\{5:}|\\{4:|\\{1:F01[A-Z]{3,9}}\\{2:[IO]94[02]X}\\{4:(:20:A)?",
        "[ -~ăâîșț]{0,70}".prop_filter("counted as one line", |text| !text.contains("@@")),
        "\\PC{0,10}".prop_filter("counted as one line", |text| !text.contains("@@")),
    ]
}

fn lines_of_entries<'t>(lines: impl Iterator<Item = &'t str>) -> usize {
    let visible = |line: &'t str| {
        line.trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}')
    };
    lines.filter(|line| visible(line).starts_with(":61:")).count()
}

/// Adds what a statement says; a further part of the last statement is added to that.
fn told(statement: &Statement<'_>, all: &mut Vec<Told>) {
    let goes_on = all.last().is_some_and(|last| last.goes_on);
    let before = if goes_on { all.pop().unwrap() } else { Told::default() };
    let Statement { line, kind, account, currency, number, page, opening, closing, .. } = statement;
    let entries = statement.entries.iter().map(|entry| {
        let Entry { line, value_date, amount, bank_reference, raw, start, .. } = entry;
        format!("{line} {value_date} {amount} {bank_reference} {start} {raw}")
    });
    all.push(Told {
        goes_on: statement.goes_on,
        head: format!(
            "{line} {kind:?} {account} {currency:?} {number} {page:?} {opening:?} {closing:?} {:?} \
             {:?} {}",
            statement.debits,
            statement.credits,
            statement.dialect.name(),
        ),
        tally: format!("{:?}", statement.tally),
        entries: before.entries.into_iter().chain(entries).collect(),
        damaged: before.damaged.into_iter().chain(statement.damaged.iter().cloned()).collect(),
        warnings: before.warnings.into_iter().chain(statement.warnings.iter().cloned()).collect(),
    });
}

fn told_as_a_whole(text: &str) -> Vec<Told> {
    let mut all = Vec::new();
    statements(&source(text)).iter().for_each(|statement| told(statement, &mut all));
    all
}

/// Reads the text from the disk in windows of so many bytes.
fn told_by_windows(text: &str, window: usize) -> Vec<Told> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file.rewind().unwrap();
    let large = Source::of_large("a.sta", file).unwrap();
    let mut all = Vec::new();
    parts::read(&large, window, &mut |part| {
        let Document::Statements(statements) = part else { panic!("not statements") };
        statements.iter().for_each(|statement| told(statement, &mut all));
        Ok(())
    })
    .unwrap();
    all
}

#[test]
fn a_reference_at_the_end_of_a_window_waits_for_the_tag_that_tells_what_it_is() {
    let text = ":20:A\n:25:X\n:61:260105C1,NTRFX\n:86:a\n:20:B, cut where the window may end\n\
                {1:F01AAAAAA}{2:O942X}{4::20:A\nmore text of it\n:60M:C260101RON0,00\n";
    for window in 1..=text.len() {
        assert_eq!(told_by_windows(text, window), told_as_a_whole(text), "{window}");
    }
}

#[derive(Debug, Default, PartialEq)]
struct Told {
    goes_on: bool,
    head: String,
    tally: String,
    entries: Vec<String>,
    damaged: Vec<Damaged>,
    warnings: Vec<Warning>,
}

proptest! {
    #[test]
    fn no_mix_of_lines_loses_an_entry(
        lines in prop::collection::vec(line(), 1..60),
        end in prop::sample::select(vec!["\n", "\r\n", "\r", "@@"]),
    ) {
        // The first line shows whether lines end in `@@`.
        let text = format!(":20:A{end}{}", lines.join(end));
        let source = source(text.clone());
        let statements = statements(&source);
        prop_assert_eq!(count(&statements), lines_of_entries(lines.iter().map(String::as_str)));
        for entry in statements.iter().flat_map(|statement| &statement.entries) {
            prop_assert!(entry.raw.starts_with(":61:") && source.text().unwrap().contains(entry.raw));
            super::blocks::blocks(entry.raw);
        }
    }

    #[test]
    fn windows_of_any_size_make_the_same_statements(
        lines in prop::collection::vec(line(), 1..60),
        end in prop::sample::select(vec!["\n", "\r\n", "\r", "@@"]),
        window in 1_usize..600,
    ) {
        let text = format!(":20:A{end}{}", lines.join(end));
        prop_assert_eq!(told_by_windows(&text, window), told_as_a_whole(&text));
    }

    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let source = source(bytes);
        Mt940.recognise(&source);
        let text = source.text().unwrap();
        if !text.contains("@@") {
            let entries = lines_of_entries(text.split(['\n', '\r']));
            prop_assert_eq!(count(&statements(&source)), entries);
        }
    }

    #[test]
    fn any_bytes_behind_a_tag_are_read_without_panic(
        contents in prop::collection::vec(("20|25|28C|60F|61|61|86|62F|64|90D|34F", ".{0,30}"), 0..8)
    ) {
        let lines: Vec<_> = contents.iter().map(|(tag, rest)| format!(":{tag}:{rest}\n")).collect();
        let source = source(lines.concat());
        let text = source.text().unwrap();
        if !text.contains("@@") {
            let entries = lines_of_entries(text.split(['\n', '\r']));
            prop_assert_eq!(count(&statements(&source)), entries);
        }
    }
}
