//! Twins and the stored rows under their keys → what becomes of each: new, the same, or in
//! conflict.
//!
//! Twins (rows of one date, reference and amount) are judged together, since another export may
//! list them in another order. No database is asked here: the caller has looked the keys up.

mod flow;
mod matching;

use std::collections::HashSet;

use matching::matched;
use uuid::Uuid;

use crate::row::Said;

/// What becomes of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The row goes in, as the twin with this number (from 1).
    New(u32),
    /// The row is stored already, and the stored row says the same.
    Same,
    /// The row is stored already under the same bank reference; the bank reworded its text.
    Reworded,
    /// The stored twin with this number says something else.
    Conflict(u32),
}

/// A row of the file that is to be judged, one of several twins.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The statement that the row stands in; the rows of one statement are counted together.
    pub statement: usize,
    /// What the row says.
    pub says: Said,
    /// Whether the bank gave the row a reference, so that another text is only another wording.
    pub bank_reference: bool,
    /// Whether the row is held even where it is new: then no later row can be the same as this one.
    pub stays_out: bool,
}

/// A stored row, or a new row of an earlier statement of the file.
#[derive(Debug, Clone)]
pub struct KnownRow {
    /// The row's number among its twins, from 1.
    pub occurrence: u32,
    /// What the row says.
    pub says: Said,
    /// Where the row comes from.
    pub origin: Origin,
}

/// Where a known row comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It is stored, and names the statement with this identifier; rows of before statements were kept
    /// name none.
    Stored(Option<Uuid>),
    /// It is new, of the statement with this number.
    New(usize),
}

/// Returns the fate of each candidate, in the candidates' order.
///
/// Statement by statement, the candidates and the known rows are matched one to one: as many as
/// possible that say the same, then as many as possible that agree on account and bank reference.
/// Candidates without a match are in conflict, one for each known row without a match; if the
/// statement has more candidates than there are known rows, its last ones are new. So the table
/// ends up with as many twins as the statement that has the most. The order of candidates and of
/// known rows changes none of the counts.
///
/// `is_apart` says of a statement, by its number, whether it is proven apart from the statement that a
/// known row comes from: then none of its candidates is that row.
pub fn decide(
    candidates: &[Candidate],
    stored: Vec<KnownRow>,
    is_apart: impl Fn(usize, Origin) -> bool,
) -> Vec<Fate> {
    let mut known = stored;
    let mut fates = Vec::with_capacity(candidates.len());
    for statement in candidates.chunk_by(|a, b| a.statement == b.statement) {
        let Some(number) = statement.first().map(|it| it.statement) else { continue };
        let taken: HashSet<u32> = known.iter().map(|it| it.occurrence).collect();
        let apart = known.extract_if(.., |it| is_apart(number, it.origin)).collect::<Vec<_>>();
        let decided = decide_statement(statement, &known, &taken);
        known.extend(apart);
        for (candidate, fate) in statement.iter().zip(&decided) {
            if let Fate::New(occurrence) = *fate
                && !candidate.stays_out
            {
                let (says, origin) = (candidate.says, Origin::New(number));
                known.push(KnownRow { occurrence, says, origin });
            }
        }
        fates.extend(decided);
    }
    fates
}

/// Decides about the rows of one statement. `known` are the rows that may be the same, `taken` the
/// numbers of all known rows.
fn decide_statement(rows: &[Candidate], known: &[KnownRow], taken: &HashSet<u32>) -> Vec<Fate> {
    let (fates, contradicted) = matched(rows, known);
    let mut contradicted = contradicted.into_iter();
    let mut next = 0;
    let mut unused = || loop {
        next += 1;
        if !taken.contains(&next) {
            return next;
        }
    };
    // Each known row without a match puts one row without a match in conflict. The rows beyond are
    // those that the statement has more than the table: they are new.
    let mut left_over = || match contradicted.next() {
        Some(known) => Fate::Conflict(known.occurrence),
        None => Fate::New(unused()),
    };
    fates.into_iter().map(|fate| fate.unwrap_or_else(&mut left_over)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn said(account: &str, text: &str) -> Said {
        Said::of(&[Some(account)], &[Some(text)])
    }

    fn row(statement: usize, text: &str) -> Candidate {
        Candidate { statement, says: said("A", text), bank_reference: false, stays_out: false }
    }

    fn referenced(text: &str) -> Candidate {
        Candidate { bank_reference: true, ..row(0, text) }
    }

    fn known(occurrence: u32, text: &str) -> KnownRow {
        KnownRow { occurrence, says: said("A", text), origin: Origin::Stored(None) }
    }

    /// Decides where no two statements are proven apart.
    fn decide(candidates: &[Candidate], stored: Vec<KnownRow>) -> Vec<Fate> {
        super::decide(candidates, stored, |_, _| false)
    }

    #[test]
    fn twins_of_statements_that_are_apart_are_two_rows_and_a_statement_around_both_adds_none() {
        let even_and_odd = |number: usize, origin| match origin {
            Origin::New(other) => number < 2 && other < 2 && number != other,
            Origin::Stored(_) => number == 0,
        };
        let rows = [row(0, "a"), row(1, "a"), row(2, "a"), row(2, "a")];
        let fates = super::decide(&rows, vec![], even_and_odd);
        assert_eq!(fates, [Fate::New(1), Fate::New(2), Fate::Same, Fate::Same]);
        let fates = super::decide(&rows, vec![known(1, "a")], even_and_odd);
        assert_eq!(fates, [Fate::New(2), Fate::Same, Fate::Same, Fate::Same]);
    }

    #[test]
    fn twins_of_one_statement_are_all_new() {
        let fates = decide(&[row(0, "parking"), row(0, "parking")], vec![]);
        assert_eq!(fates, [Fate::New(1), Fate::New(2)]);
    }

    #[test]
    fn a_statement_inside_another_adds_nothing() {
        let fates =
            decide(&[row(0, "a"), row(0, "b"), row(1, "b"), row(2, "b"), row(2, "a")], vec![]);
        assert_eq!(fates, [Fate::New(1), Fate::New(2), Fate::Same, Fate::Same, Fate::Same]);
    }

    #[test]
    fn twins_in_another_order_are_matched_by_their_text() {
        let fates = decide(&[row(0, "b"), row(0, "a")], vec![known(1, "a"), known(2, "b")]);
        assert_eq!(fates, [Fate::Same, Fate::Same]);
    }

    #[test]
    fn one_more_than_stored_is_new_under_the_next_number() {
        let fates = decide(&[row(0, "a"), row(0, "a")], vec![known(1, "a")]);
        assert_eq!(fates, [Fate::Same, Fate::New(2)]);
    }

    #[test]
    fn another_text_without_a_bank_reference_is_a_conflict() {
        assert_eq!(decide(&[row(0, "b")], vec![known(1, "a")]), [Fate::Conflict(1)]);
    }

    #[test]
    fn another_text_under_a_bank_reference_is_another_wording() {
        assert_eq!(decide(&[referenced("b")], vec![known(1, "a")]), [Fate::Reworded]);
    }

    #[test]
    fn another_account_is_a_conflict_whatever_the_reference() {
        let theirs = KnownRow { says: said("B", "a"), ..known(1, "") };
        assert_eq!(decide(&[referenced("a")], vec![theirs]), [Fate::Conflict(1)]);
    }

    #[test]
    fn of_what_is_left_over_the_last_are_new() {
        let fates = decide(&[row(0, "b"), row(0, "c")], vec![known(1, "a")]);
        assert_eq!(fates, [Fate::Conflict(1), Fate::New(2)]);
    }

    #[test]
    fn a_row_that_stays_out_is_nothing_to_be_known_by() {
        let out = Candidate { stays_out: true, ..row(0, "a") };
        let fates =
            decide(&[out, row(1, "a"), Candidate { statement: 2, ..referenced("b") }], vec![]);
        assert_eq!(fates, [Fate::New(1), Fate::New(1), Fate::Reworded]);
    }

    #[test]
    fn a_gap_that_an_undone_import_left_is_filled() {
        let fates = decide(&[row(0, "a"), row(0, "a")], vec![known(2, "a")]);
        assert_eq!(fates, [Fate::Same, Fate::New(1)]);
    }

    #[test]
    fn what_is_missing_on_one_side_takes_nothing_away_from_what_says_the_same() {
        let lean = |occurrence| KnownRow {
            says: Said::of(&[Some("A")], &[None]),
            ..known(occurrence, "")
        };
        for stored in [[lean(1), known(2, "a")], [known(1, "a"), lean(2)]] {
            for rows in [[row(0, "a"), row(0, "b")], [row(0, "b"), row(0, "a")]] {
                assert_eq!(decide(&rows, stored.to_vec()), [Fate::Same, Fate::Same]);
            }
        }
    }

    #[test]
    fn a_hundred_thousand_twins_are_as_simple_as_two() {
        const COUNT: u32 = 100_000;
        let text = |k: u32| if k.is_multiple_of(2) { "a".to_owned() } else { format!("{k}") };
        let rows: Vec<Candidate> = (0..COUNT).map(|k| referenced(&text(k))).collect();
        let stored = |k: u32| match k % 3 {
            0 => known(k + 1, &text(k)),
            1 => known(k + 1, "else"),
            _ => KnownRow { says: Said::of(&[None], &[Some("a")]), ..known(k + 1, "") },
        };
        let stored = (0..COUNT).map(stored).collect();
        let fates = decide(&rows, stored);
        let count = |fate| fates.iter().filter(|it| **it == fate).count();
        // One third of the stored rows say the same as the row at their place, half of them "a";
        // another third say "a" and have no account.
        assert_eq!(count(Fate::Same), 50_000 + 16_667);
        assert_eq!(count(Fate::Same) + count(Fate::Reworded), COUNT as usize);
    }

    /// Few different texts, some of them missing, so that rows often agree.
    fn said_in_any_way() -> impl Strategy<Value = Said> {
        let text = |texts: &'static [&'static str]| prop::option::of(prop::sample::select(texts));
        (text(&["A", "B"]), text(&["1", "2"]), text(&["x", "y"]))
            .prop_map(|(account, day, text)| Said::of(&[account], &[day, text]))
    }

    fn a_statement() -> impl Strategy<Value = Vec<Candidate>> {
        let row = (said_in_any_way(), any::<bool>()).prop_map(|(says, bank_reference)| Candidate {
            statement: 0,
            says,
            bank_reference,
            stays_out: false,
        });
        prop::collection::vec(row, 0..6)
    }

    fn what_is_known() -> impl Strategy<Value = Vec<KnownRow>> {
        let numbered = |says: Vec<Said>| -> Vec<KnownRow> {
            (1..)
                .zip(says)
                .map(|(occurrence, says)| KnownRow { says, ..known(occurrence, "") })
                .collect()
        };
        prop::collection::vec(said_in_any_way(), 0..6).prop_map(numbered)
    }

    /// Returns how many rows say the same, are reworded, are in conflict, are new.
    fn counts(fates: &[Fate]) -> [usize; 4] {
        let mut counts = [0; 4];
        for fate in fates {
            counts[match fate {
                Fate::Same => 0,
                Fate::Reworded => 1,
                Fate::Conflict(_) => 2,
                Fate::New(_) => 3,
            }] += 1;
        }
        counts
    }

    /// Tries all ways to match. Returns how many rows say the same at most, and how many more are
    /// then reworded at most.
    fn best(rows: &[Candidate], known: &[KnownRow], taken: u32) -> (usize, usize) {
        let Some((row, rest)) = rows.split_first() else { return (0, 0) };
        let with = |(number, known): (usize, &KnownRow)| {
            let says = &known.says;
            let gain = match row.says.agrees(says) {
                true => (1, 0),
                false if row.bank_reference && row.says.agrees_firmly(says) => (0, 1),
                false => return None,
            };
            let free = taken >> number & 1 == 0;
            free.then_some((gain, taken | 1 << number))
        };
        let ways = known.iter().enumerate().filter_map(with).chain([((0, 0), taken)]);
        let ends = ways.map(|((same, reworded), taken)| {
            let (more_same, more_reworded) = best(rest, known, taken);
            (same + more_same, reworded + more_reworded)
        });
        ends.max().unwrap()
    }

    proptest! {
        #[test]
        fn no_other_way_to_match_finds_more(rows in a_statement(), known in what_is_known()) {
            let fates = decide(&rows, known.clone());
            let [same, reworded, conflicts, new] = counts(&fates);
            prop_assert_eq!((same, reworded), best(&rows, &known, 0));
            prop_assert_eq!(new, rows.len().saturating_sub(known.len()).min(new + conflicts));
            let named: HashSet<u32> = fates
                .iter()
                .filter_map(|fate| match fate {
                    Fate::Conflict(k) | Fate::New(k) => Some(*k),
                    _ => None,
                })
                .collect();
            prop_assert_eq!(named.len(), conflicts + new, "no number is named twice");
            let stored: HashSet<u32> = known.iter().map(|known| known.occurrence).collect();
            let in_order = |fate: &Fate| match fate {
                Fate::Conflict(k) => stored.contains(k),
                Fate::New(k) => !stored.contains(k),
                _ => true,
            };
            prop_assert!(fates.iter().all(in_order));
        }

        #[test]
        fn the_order_of_rows_and_of_what_is_stored_makes_no_difference(
            (rows, turned) in a_statement().prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
            (known, other) in what_is_known().prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
        ) {
            let expected = counts(&decide(&rows, known));
            prop_assert_eq!(counts(&decide(&turned, other)), expected);
        }
    }
}
