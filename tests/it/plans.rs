//! What holds for any entries, whatever is stored: nothing is lost, and nothing comes twice.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use proptest::prelude::*;
use rust_decimal::Decimal;
use vama::inside::plan::{Bucket, Plan};
use vama::inside::row::key::{Key, transaction_key};
use vama::inside::row::{Row, Said};
use vama::inside::source::Source;

use crate::memory::{Memory, bucket_of};

const IBAN: &str = "RO49AAAA1B31007593840000";

/// What stands behind the type in `:61:`, the reference that this makes, and whether it is the
/// bank's.
const REFERENCES: [(&str, &str, bool); 4] = [
    ("NONREF", IBAN, false),
    ("NONREF//OP1", "OP1", true),
    ("NONREF//OP2", "OP2", true),
    ("CLIENT7", "CLIENT7", false),
];

/// References that look like the twins of others.
const LIKE_TWINS: [(&str, &str, bool); 4] = [
    ("NONREF//OP1", "OP1", true),
    ("NONREF//OP1#2", "OP1#2", true),
    ("OP1#2", "OP1#2", false),
    ("NONREF//OP1#2#2", "OP1#2#2", true),
];

const TEXTS: [&str; 3] = ["Parcare Gara", "Parcare   Gara", "Taxa"];

/// One entry: few days, amounts, references and texts, so that twins and collisions are common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Told {
    day: u32,
    amount: i64,
    reference: usize,
    text: usize,
}

/// A statement is its pages, a file its statements.
type Pages = Vec<Vec<Told>>;

fn told(texts: usize) -> impl Strategy<Value = Told> {
    (1_u32..3, 1_i64..3, 0_usize..4, 0..texts).prop_map(|(day, amount, reference, text)| Told {
        day,
        amount,
        reference,
        text,
    })
}

fn files(texts: usize) -> impl Strategy<Value = Vec<Vec<Pages>>> {
    let page = prop::collection::vec(told(texts), 0..6);
    let statement = prop::collection::vec(page, 1..3);
    let file = prop::collection::vec(statement, 1..4);
    prop::collection::vec(file, 1..5)
}

/// Writes the file; every statement has a number of its own.
fn written(file: &[Pages], references: &[(&str, &str, bool); 4]) -> Source {
    let mut text = String::new();
    for (number, pages) in (1..).zip(file) {
        for (page, entries) in (1..).zip(pages) {
            text.push_str(&format!(":20:S{number}\n:25:{IBAN}\n:28C:{number}/{page}\n"));
            text.push_str(":60F:C260301RON0,00\n");
            for Told { day, amount, reference, text: words } in entries {
                let (reference, words) = (references[*reference].0, TEXTS[*words]);
                text.push_str(&format!(":61:26030{day}C{amount},00NTRF{reference}\n:86:{words}\n"));
            }
            text.push_str(":62F:C260331RON0,00\n");
        }
    }
    Source::new("a.sta", None, text.into_bytes())
}

fn imported(memory: &mut Memory, source: Source) -> (Arc<Bucket>, Plan) {
    let before = memory.clone();
    let bucket = bucket_of(source);
    let read = bucket.count();
    let (bucket, plan) = memory.import(bucket);
    let settled = plan.new.len() + plan.duplicates.len() + plan.conflicts.len();
    assert_eq!(read, settled, "every entry is new, a duplicate or in conflict, once");
    assert!(plan.reworded.len() <= plan.duplicates.len());
    let keys: HashSet<Key> = plan.new.iter().map(|(key, _)| *key).collect();
    assert_eq!(keys.len(), plan.new.len(), "no key is planned twice");
    assert!(!keys.iter().any(|key| before.0.contains_key(key)));
    let entries: HashSet<u32> =
        plan.new.iter().chain(&plan.conflicts).map(|(_, entry)| *entry).collect();
    assert_eq!(entries.len(), plan.new.len() + plan.conflicts.len(), "no entry is told twice");
    for (key, _) in &plan.conflicts {
        assert!(memory.0.contains_key(key), "a conflict names the row that it collides with");
    }
    (bucket, plan)
}

/// Returns the keys of the twins of a reference, day and amount, in their order.
fn keys_of(reference: &str, day: u32, amount: i64) -> impl Iterator<Item = Key> {
    let date = NaiveDate::from_ymd_opt(2026, 3, day).unwrap();
    (1..).map(move |k| transaction_key(date, reference, k, Decimal::from(amount)))
}

/// Returns whether a stored row says that text, whatever else it says.
fn says(said: &Said, text: &str) -> bool {
    said.agrees(&Said::of(&[None; 5], &[None, Some(text)]))
}

/// Returns how many rows the twins of each day, amount and reference must have: as many as the
/// statement with the most of them.
fn most(files: &[Vec<Pages>]) -> HashMap<(u32, i64, usize), usize> {
    let mut most: HashMap<(u32, i64, usize), usize> = HashMap::new();
    for statement in files.iter().flatten() {
        let mut counts: HashMap<(u32, i64, usize), usize> = HashMap::new();
        for it in statement.iter().flatten() {
            *counts.entry((it.day, it.amount, it.reference)).or_default() += 1;
        }
        for (group, count) in counts {
            let most = most.entry(group).or_default();
            *most = count.max(*most);
        }
    }
    most
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_table_has_as_many_of_a_row_as_the_statement_with_the_most(files in files(3)) {
        let mut memory = Memory::default();
        for file in &files {
            imported(&mut memory, written(file, &REFERENCES));
        }
        let expected: HashSet<Key> = most(&files)
            .into_iter()
            .flat_map(|((day, amount, reference), count)| {
                keys_of(REFERENCES[reference].1, day, amount).take(count)
            })
            .collect();
        let stored: HashSet<Key> = memory.0.into_keys().collect();
        prop_assert_eq!(stored, expected);
    }

    #[test]
    fn what_says_the_same_is_never_in_conflict(files in files(2)) {
        let mut memory = Memory::default();
        for file in &files {
            let (_, plan) = imported(&mut memory, written(file, &REFERENCES));
            prop_assert_eq!((plan.conflicts.len(), plan.reworded.len()), (0, 0));
        }
    }

    #[test]
    fn another_wording_under_a_reference_of_the_bank_is_never_in_conflict(files in files(3)) {
        let mut memory = Memory::default();
        for mut file in files {
            for it in file.iter_mut().flatten().flatten() {
                // Without a bank's reference the text tells rows apart, so all these entries get
                // one text.
                it.text = if REFERENCES[it.reference].2 { it.text } else { 0 };
            }
            let (_, plan) = imported(&mut memory, written(&file, &REFERENCES));
            prop_assert_eq!(plan.conflicts.len(), 0);
        }
    }

    #[test]
    fn every_text_is_stored_or_held_or_known_by_its_reference(files in files(3)) {
        let mut memory = Memory::default();
        for file in &files {
            let (bucket, plan) = imported(&mut memory, written(file, &REFERENCES));
            let key = Key::parse(&"0".repeat(32)).unwrap();
            let line = |entry: u32| bucket.with_row((key, entry), |row| row.raw().1).unwrap();
            let held: HashSet<u32> = plan.conflicts.iter().map(|(_, entry)| line(*entry)).collect();
            let told = file.iter().flatten().flatten().collect::<Vec<_>>();
            let mut lines: Vec<u32> = (0..bucket.count() as u32).map(line).collect();
            lines.sort_unstable();
            for (told, line) in told.into_iter().zip(lines) {
                let (_, reference, of_bank) = REFERENCES[told.reference];
                let mut stored = keys_of(reference, told.day, told.amount)
                    .map_while(|key| memory.0.get(&key));
                let kept = stored.any(|stored| says(stored, TEXTS[told.text]));
                prop_assert!(kept || of_bank || held.contains(&line), "line {}", line);
            }
        }
    }

    #[test]
    fn a_second_time_adds_nothing_and_no_conflict(
        files in files(3),
        like_twins in any::<bool>(),
    ) {
        let references = if like_twins { &LIKE_TWINS } else { &REFERENCES };
        let mut memory = Memory::default();
        for file in &files {
            let (_, first) = imported(&mut memory, written(file, references));
            let stored = memory.0.len();
            let (_, second) = imported(&mut memory, written(file, references));
            prop_assert_eq!(second.new.len(), 0);
            prop_assert_eq!(memory.0.len(), stored);
            prop_assert!(like_twins || second.conflicts.len() <= first.conflicts.len());
            let (_, third) = imported(&mut memory, written(file, references));
            prop_assert_eq!(second.conflicts, third.conflicts);
        }
    }

    #[test]
    fn any_part_of_what_is_stored_is_known_in_any_order(
        files in files(3),
        left_out in prop::collection::vec(any::<bool>(), 64),
        turn in any::<bool>(),
    ) {
        let mut memory = Memory::default();
        for file in &files {
            imported(&mut memory, written(file, &REFERENCES));
        }
        let mut part: Vec<Told> = most(&files)
            .into_iter()
            .flat_map(|((day, amount, reference), count)| {
                let keys = keys_of(REFERENCES[reference].1, day, amount).take(count);
                let texts = keys.map(|key| TEXTS.iter().position(|text| says(&memory.0[&key], text)).unwrap()).collect::<Vec<_>>();
                texts.into_iter().map(move |text| Told { day, amount, reference, text })
            })
            .zip(left_out.iter().cycle())
            .filter_map(|(told, left_out)| (!left_out).then_some(told))
            .collect();
        if turn {
            part.reverse();
        }
        let count = part.len();
        let (_, plan) = imported(&mut memory, written(&[vec![part]], &REFERENCES));
        prop_assert_eq!((plan.duplicates.len(), plan.reworded.len()), (count, 0));
    }

    #[test]
    fn the_order_of_the_files_makes_no_other_keys(files in files(3), shift in 0_usize..5) {
        let mut turned = files.clone();
        let shift = shift % turned.len();
        turned.rotate_left(shift);
        let keys = |files: &[Vec<Pages>]| {
            let mut memory = Memory::default();
            for file in files {
                imported(&mut memory, written(file, &REFERENCES));
            }
            memory.0.into_keys().collect::<HashSet<Key>>()
        };
        prop_assert_eq!(keys(&files), keys(&turned));
    }
}
