//! What holds for any input.

use proptest::prelude::*;
use vama::inside::lab::month::Month;
use vama::inside::road::Options;
use vama::inside::road::prepare::check_source;
use vama::inside::road::report::Status;
use vama::inside::source::{Source, Sources};

use crate::world::{Company, month, told};

proptest! {
    #[test]
    fn any_bytes_get_an_answer(bytes in prop::collection::vec(any::<u8>(), 0..4096)) {
        if let Ok(sources) = Sources::of_bytes("any", bytes) {
            for source in sources.flatten() {
                check_source(&source, &Options::default());
            }
        }
    }

    #[test]
    fn a_month_with_damage_gets_an_answer_that_adds_up(
        file in 0_usize..29,
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
    ) {
        let month = month();
        let file = &month.files[file.min(month.files.len() - 1)];
        let mut bytes = file.bytes.clone();
        for (at, byte) in damage {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Ok(sources) = Sources::of_bytes(&file.name, bytes) {
            for source in sources.flatten() {
                let report = check_source(&source, &Options::default());
                prop_assert!(report.held <= report.read);
                let held = report.held_rows.len() as u64 + report.held_rows_more;
                prop_assert_eq!(report.held, if report.error.is_some() { 0 } else { held });
            }
        }
    }
}

/// Runs a property on the database: fewer cases, each in a company of its own.
pub fn on_database<S: Strategy>(cases: u32, strategy: S, test: impl AsyncFn(S::Value)) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let tested = runner.run(&strategy, |value| {
        runtime.block_on(test(value));
        Ok(())
    });
    tested.unwrap();
}

#[test]
fn any_split_and_order_of_a_month_give_the_same_table() {
    let month = Month::invent(11, 2026, 4).unwrap();
    let days = month.days.len();
    let whole = month.statement_of(0..days).unwrap();
    let spans = prop::collection::vec((0..days, 1..days), 1..6);
    let expected = tokio::runtime::Runtime::new().unwrap().block_on(async {
        let mut company = Company::new("whole").await;
        company.import_file(&whole).await;
        company.bank_rows().await
    });
    assert_eq!(expected.len(), month.expected.bank_transactions);
    on_database(6, spans, async |spans| {
        let mut company = Company::new("splits").await;
        for (from, length) in spans {
            let file = month.statement_of(from..(from + length).min(days)).unwrap();
            let report = company.import_file(&file).await;
            let sum = report.inserted + report.duplicates + report.held;
            assert_eq!(report.read, sum, "{}", told(&report));
            assert_eq!(report.held, 0, "{}", told(&report));
        }
        // The whole month, imported last, makes every table the same.
        company.import_file(&whole).await;
        assert_eq!(company.bank_rows().await, expected);
    });
}

#[test]
fn read_is_inserted_and_duplicates_and_held_for_any_entries() {
    // Few dates, amounts, references and texts, so that twins and collisions are common.
    let entry = (1_u32..3, 1_i64..3, 0_usize..4, 0_usize..3);
    let statement = prop::collection::vec(entry, 0..8);
    let file = prop::collection::vec(statement, 1..4);
    on_database(12, prop::collection::vec(file, 1..5), async |files| {
        let mut company = Company::new("equation").await;
        for (number, file) in files.iter().enumerate() {
            let text: String =
                file.iter().enumerate().map(|(n, it)| written(number * 10 + n, it)).collect();
            let report = company.import("a.sta", text.as_bytes()).await;
            if report.status == Status::AlreadyImported {
                continue;
            }
            assert_eq!(report.status, Status::Imported, "{}\n{text}", told(&report));
            let sum = report.inserted + report.duplicates + report.held;
            assert_eq!(report.read, sum, "{}\n{text}", told(&report));
            assert_eq!(report.held, report.held_rows.len() as u64 + report.held_rows_more);
        }
    });
}

fn written(number: usize, entries: &[(u32, i64, usize, usize)]) -> String {
    const REFERENCES: [&str; 4] = ["NONREF", "NONREF//OP1", "NONREF//OP1#2", "CLIENT7"];
    const TEXTS: [&str; 3] = ["Parcare", "Parcare  ", "Taxa"];
    let mut sum = 100;
    let mut text = format!(
        ":20:S{number}\n:25:RO49AAAA1B31007593840000\n:28C:{number}/1\n:60F:C260301RON{sum},00\n"
    );
    for (day, amount, reference, narrative) in entries {
        sum += amount;
        let (reference, narrative) = (REFERENCES[*reference], TEXTS[*narrative]);
        text.push_str(&format!(":61:26030{day}C{amount},00NTRF{reference}\n:86:{narrative}\n"));
    }
    text.push_str(&format!(":62F:C260331RON{sum},00\n"));
    text
}

#[test]
fn a_source_tells_its_digest_and_name() {
    let source = Source::new("folder/a.sta", None, b"abc".to_vec());
    assert_eq!(source.file_name(), "a.sta");
    assert_eq!(source.sha256().unwrap()[..4], [0xba, 0x78, 0x16, 0xbf]);
}
