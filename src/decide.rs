//! Keyed rows and what is stored → what becomes of each: new, the same, or in conflict.
//!
//! Rows of the same three parts (date, reference, amount) are judged together, since another export
//! may list twins in another order. No database here: whoever calls looks the keys up.

use std::collections::HashSet;

use crate::row::Said;

/// What becomes of one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It goes in, as the occurrence with this number (from 1).
    New(u32),
    /// It is there already and says the same.
    Same,
    /// It is there already under its bank reference; the bank reworded its text.
    Reworded,
    /// The stored row of this occurrence says something else.
    Conflict(u32),
}

/// One row of a group of twins.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The statement it stands in; the rows of one statement are counted together.
    pub statement: usize,
    /// What it says.
    pub says: Said,
    /// It carries a reference of the bank, so another text is only another wording.
    pub bank_reference: bool,
    /// It will not go in even where it is new, so it is nothing that later rows may be known by.
    pub stays_out: bool,
}

/// A stored row, or one that an earlier statement of the file puts in.
#[derive(Debug, Clone)]
pub struct Known {
    /// Its number among its twins, from 1.
    pub occurrence: u32,
    /// What it says.
    pub says: Said,
}

/// Returns the fate of each candidate, in their order.
///
/// Statement by statement, the candidates and the known rows are matched one to one: first those
/// that say the same, then those that agree on account and bank reference. What is then left over is
/// new if the statement has more rows than are known (the last ones of the statement), else a
/// conflict. The effect is a union of multisets: the table has as many of a row as the file with
/// the most.
pub fn decide(candidates: &[Candidate], stored: Vec<Known>) -> Vec<Fate> {
    let mut known = stored;
    let mut fates = Vec::with_capacity(candidates.len());
    for statement in candidates.chunk_by(|a, b| a.statement == b.statement) {
        let decided = decide_statement(statement, &known);
        for (candidate, fate) in statement.iter().zip(&decided) {
            if let Fate::New(occurrence) = *fate
                && !candidate.stays_out
            {
                known.push(Known { occurrence, says: candidate.says });
            }
        }
        fates.extend(decided);
    }
    fates
}

fn decide_statement(rows: &[Candidate], known: &[Known]) -> Vec<Fate> {
    let mut fates: Vec<Option<Fate>> = vec![None; rows.len()];
    let mut free: Vec<&Known> = known.iter().collect();
    pair(rows, &mut fates, &mut free, Fate::Same, |row, known| row.says.agrees(&known.says));
    pair(rows, &mut fates, &mut free, Fate::Reworded, |row, known| {
        row.bank_reference && row.says.agrees_firmly(&known.says)
    });
    let left = fates.iter().filter(|fate| fate.is_none()).count();
    let conflicts = left - rows.len().saturating_sub(known.len()).min(left);
    let mut contradicted = free.iter().map(|it| it.occurrence).chain(std::iter::repeat(1));
    let taken: HashSet<u32> = known.iter().map(|it| it.occurrence).collect();
    let mut unused = (1..).filter(|k| !taken.contains(k));
    let mut settled = 0;
    let mut settle = || {
        settled += 1;
        if settled <= conflicts {
            Fate::Conflict(contradicted.next().unwrap_or(1))
        } else {
            Fate::New(unused.next().unwrap_or(1))
        }
    };
    fates.into_iter().map(|fate| fate.unwrap_or_else(&mut settle)).collect()
}

/// Gives each undecided row that matches a free known row the fate, and takes the known row away.
fn pair(
    rows: &[Candidate],
    fates: &mut [Option<Fate>],
    free: &mut Vec<&Known>,
    fate: Fate,
    matches: impl Fn(&Candidate, &Known) -> bool,
) {
    for (row, slot) in rows.iter().zip(fates).filter(|(_, slot)| slot.is_none()) {
        if let Some(at) = free.iter().position(|known| matches(row, known)) {
            free.remove(at);
            *slot = Some(fate);
        }
    }
}

#[cfg(test)]
mod tests {
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

    fn known(occurrence: u32, text: &str) -> Known {
        Known { occurrence, says: said("A", text) }
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
        let theirs = Known { occurrence: 1, says: said("B", "a") };
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
}
