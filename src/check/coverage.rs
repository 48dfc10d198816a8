//! Statements of any files → the days that they cover, account by account, and what is missing between
//! them.
//!
//! Two statements belong to one span where one opens with the balance that the other closed with, or
//! where they overlap. What lies between two spans is a gap. Neither the order of the statements nor
//! their repetition changes anything.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::record::KeptStatement;
use crate::value::day::days_without_year;
use crate::value::normalize::amount_text;

/// What the statements of an account cover.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountCoverage {
    /// The account.
    pub account: String,
    /// Its currency.
    pub currency: String,
    /// The days that are covered, from the first to the last; never empty.
    pub spans: Vec<Span>,
    /// What is missing between the spans, from the first to the last.
    pub gaps: Vec<Gap>,
}

/// Days without a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The first day.
    pub from: NaiveDate,
    /// The day of the opening balance: the first day, or the one before it.
    #[serde(skip)]
    pub opening_date: NaiveDate,
    /// The balance before it.
    pub opening: Decimal,
    /// The last day.
    pub to: NaiveDate,
    /// The balance at its end.
    pub closing: Decimal,
}

/// A piece that is missing between two statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// The last day before the gap.
    pub after: NaiveDate,
    /// The balance at its end.
    pub closing: Decimal,
    /// The first day behind the gap.
    pub before: NaiveDate,
    /// The day of the opening balance there: that day, or the one before it.
    #[serde(skip)]
    pub opening_date: NaiveDate,
    /// The balance that its statement opens with.
    pub opening: Decimal,
    /// What the missing piece adds up to.
    pub difference: Decimal,
}

impl Gap {
    fn between(before: &Span, behind: &Span) -> Self {
        Self {
            after: before.to,
            closing: before.closing,
            before: behind.from,
            opening_date: behind.opening_date,
            opening: behind.opening,
            difference: behind.opening - before.closing,
        }
    }
}

impl fmt::Display for Gap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (closing, opening) = (amount_text(self.closing), amount_text(self.opening));
        let missing = match (self.after.succ_opt(), self.before.pred_opt()) {
            (Some(from), Some(to)) if from == to => {
                format!("{} is missing", days_without_year(from, to))
            }
            (Some(from), Some(to)) if from < to => {
                format!("{} are missing", days_without_year(from, to))
            }
            _ => {
                let days = days_without_year(self.after, self.before);
                format!("movements of {days} are missing")
            }
        };
        write!(f, "{missing}: {closing} → {opening}")
    }
}

/// Returns what the statements cover, by account and currency.
pub fn coverage<'k>(
    statements: impl IntoIterator<Item = &'k KeptStatement>,
) -> Vec<AccountCoverage> {
    let mut accounts: BTreeMap<(&str, &str), Vec<Stretch>> = BTreeMap::new();
    let statements: Vec<&KeptStatement> = statements.into_iter().collect();
    for statement in whole(&statements) {
        let account = (statement.account.as_str(), statement.currency.as_str());
        // Days in the wrong order are a slip of whoever wrote the file, and cover nothing.
        if let Some(stretch) = Stretch::of(statement) {
            accounts.entry(account).or_default().push(stretch);
        }
    }
    let covered = accounts.into_iter().map(|((account, currency), mut stretches)| {
        stretches.sort_unstable();
        stretches.dedup();
        let spans = spans(&stretches);
        let gaps = spans.windows(2).filter_map(|pair| match pair {
            [before, behind] => Some(Gap::between(before, behind)),
            _ => None,
        });
        let gaps = gaps.collect();
        AccountCoverage { account: account.to_owned(), currency: currency.to_owned(), spans, gaps }
    });
    covered.collect()
}

/// Returns the statements without those that are the rest of another one: of the same number, days and
/// closing balance, with fewer entries. `vama held export` writes such statements.
fn whole<'k>(statements: &[&'k KeptStatement]) -> Vec<&'k KeptStatement> {
    let mut most: HashMap<_, u32> = HashMap::new();
    for statement in statements {
        let entries = most.entry(end(statement)).or_default();
        *entries = statement.entries.max(*entries);
    }
    let mut whole = statements.to_vec();
    whole.retain(|it| it.number.is_empty() || most.get(&end(it)) == Some(&it.entries));
    whole
}

/// Returns what a statement has in common with the rest of it.
fn end(it: &KeptStatement) -> (&str, &str, &str, [NaiveDate; 2], Decimal) {
    let days = [it.opening_date, it.closing_date];
    (&it.account, it.currency.as_str(), &it.number, days, it.closing)
}

/// A statement by its days and balances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Stretch {
    from: NaiveDate,
    to: NaiveDate,
    opening: Decimal,
    closing: Decimal,
}

impl Stretch {
    fn of(statement: &KeptStatement) -> Option<Self> {
        let KeptStatement { opening_date, opening, closing_date, closing, .. } = *statement;
        let stretch = Self { from: opening_date, to: closing_date, opening, closing };
        (stretch.from <= stretch.to).then_some(stretch)
    }

    fn is_of_one_day(&self) -> bool {
        self.from == self.to
    }
}

/// Returns the spans that the stretches make; the stretches are sorted, and each is there once.
fn spans(stretches: &[Stretch]) -> Vec<Span> {
    let mut joined = Joined::new(stretches.len());
    let mut last = Last::default();
    let mut start = 0;
    for of_day in stretches.chunk_by(|a, b| a.from == b.from) {
        let numbers = start..start + of_day.len();
        start = numbers.end;
        for (number, stretch) in numbers.clone().zip(of_day) {
            last.join(number, stretch, &mut joined);
        }
        join_of_day(of_day, numbers.start, &mut joined);
        for (number, stretch) in numbers.zip(of_day) {
            last.take(number, stretch);
        }
    }
    let mut parts: BTreeMap<usize, Vec<Stretch>> = BTreeMap::new();
    for (number, stretch) in stretches.iter().enumerate() {
        parts.entry(joined.root(number)).or_default().push(*stretch);
    }
    let opens_the_day_before = opens_the_day_before(stretches);
    let mut spans: Vec<Span> = parts.values().filter_map(|part| span(part)).collect();
    for span in spans.iter_mut().filter(|_| opens_the_day_before) {
        span.from = span.from.succ_opt().unwrap_or(span.from);
    }
    spans.sort_unstable_by_key(|it| (it.from, it.to, it.opening));
    spans
}

/// The stretches that end on the last day so far.
#[derive(Default)]
struct Last {
    day: Option<NaiveDate>,
    all: Vec<usize>,
    by_closing: HashMap<Decimal, Vec<usize>>,
}

impl Last {
    /// Joins a stretch with those that it overlaps with, or that it follows on. Those that were joined
    /// stand for each other from then on.
    fn join(&mut self, number: usize, stretch: &Stretch, joined: &mut Joined) {
        let before = match self.day {
            Some(day) if day >= stretch.from => Some(&mut self.all),
            _ => self.by_closing.get_mut(&stretch.opening),
        };
        if let Some(before) = before {
            before.iter().for_each(|before| joined.join(*before, number));
            before.truncate(1);
        }
    }

    fn take(&mut self, number: usize, stretch: &Stretch) {
        if self.day.is_none_or(|day| day < stretch.to) {
            *self = Self { day: Some(stretch.to), ..Self::default() };
        }
        if self.day == Some(stretch.to) {
            self.all.push(number);
            self.by_closing.entry(stretch.closing).or_default().push(number);
        }
    }
}

/// Joins stretches that begin on one day. Stretches of that day alone follow on each other by their
/// balances; one that goes on to other days overlaps with them.
fn join_of_day(of_day: &[Stretch], first: usize, joined: &mut Joined) {
    let overlap = of_day.iter().any(|it| !it.is_of_one_day());
    let mut openings: HashMap<Decimal, usize> = HashMap::new();
    for (number, stretch) in (first..).zip(of_day) {
        let same = *openings.entry(stretch.opening).or_insert(number);
        joined.join(same, number);
        if overlap {
            joined.join(first, number);
        }
    }
    for (number, stretch) in (first..).zip(of_day) {
        if let Some(next) = openings.get(&stretch.closing).filter(|_| stretch.is_of_one_day()) {
            joined.join(number, *next);
        }
    }
}

/// Returns the span of stretches that are joined.
fn span(part: &[Stretch]) -> Option<Span> {
    let from = part.iter().map(|it| it.from).min()?;
    let to = part.iter().map(|it| it.to).max()?;
    // Of several statements of the first day, the one that follows on none of them begins; of those
    // of the last day, the one that none follows on ends.
    let of_day = |day| part.iter().filter(move |it| it.is_of_one_day() && it.from == day);
    let closings: HashSet<Decimal> = of_day(from).map(|it| it.closing).collect();
    let openings: HashSet<Decimal> = of_day(to).map(|it| it.opening).collect();
    let mut firsts = part.iter().filter(|it| it.from == from).map(|it| it.opening);
    let mut lasts = part.iter().filter(|it| it.to == to).map(|it| it.closing);
    let opening = firsts.clone().find(|it| !closings.contains(it)).or_else(|| firsts.next())?;
    let closing = lasts.clone().find(|it| !openings.contains(it)).or_else(|| lasts.next())?;
    Some(Span { from, opening_date: from, opening, to, closing })
}

/// Returns whether the bank dates an opening balance by the day before the statement: then a statement
/// of several days opens on the day on which the one before it closed.
fn opens_the_day_before(stretches: &[Stretch]) -> bool {
    let several = || stretches.iter().filter(|it| !it.is_of_one_day() && it.opening != it.closing);
    let closings: HashSet<(NaiveDate, Decimal)> = several().map(|it| (it.to, it.closing)).collect();
    several().any(|it| closings.contains(&(it.from, it.opening)))
}

/// Numbers that are joined into sets.
struct Joined(Vec<usize>);

impl Joined {
    fn new(count: usize) -> Self {
        Self((0..count).collect())
    }

    /// Returns the number that stands for the set of this one.
    fn root(&mut self, number: usize) -> usize {
        let mut root = number;
        while let Some(above) = self.0.get(root).copied().filter(|above| *above != root) {
            // Halves the way for whoever asks next.
            let further = self.0.get(above).copied().unwrap_or(above);
            if let Some(slot) = self.0.get_mut(root) {
                *slot = further;
            }
            root = further;
        }
        root
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        if let Some(slot) = self.0.get_mut(one.max(other)) {
            *slot = one.min(other);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::record::Currency;

    fn statement(opening: (&str, i64), closing: (&str, i64)) -> KeptStatement {
        KeptStatement {
            line: 1,
            account: "A".to_owned(),
            currency: Currency::RON,
            number: String::new(),
            opening_date: opening.0.parse().unwrap(),
            opening: opening.1.into(),
            closing_date: closing.0.parse().unwrap(),
            closing: closing.1.into(),
            entries: 0,
            is_whole: true,
        }
    }

    fn gaps(statements: &[KeptStatement]) -> Vec<String> {
        let covered = coverage(statements);
        covered.iter().flat_map(|it| &it.gaps).map(Gap::to_string).collect()
    }

    #[test]
    fn statements_that_chain_over_days_without_movements_are_one_span() {
        let statements = [
            statement(("2026-03-06", 100), ("2026-03-06", 90)),
            statement(("2026-03-09", 90), ("2026-03-09", 120)),
        ];
        let covered = coverage(&statements);
        let [AccountCoverage { spans, gaps, .. }] = covered.as_slice() else { panic!() };
        assert_eq!((spans.len(), gaps.len()), (1, 0));
        assert_eq!((spans[0].opening, spans[0].closing), (100.into(), 120.into()));
    }

    #[test]
    fn a_missing_piece_is_told_with_its_days_and_both_balances() {
        let first = statement(("2026-04-13", 90), ("2026-04-13", 100));
        let told = |day, opening| {
            let second = statement((day, opening), (day, opening + 7));
            gaps(&[second, first.clone()]).join("; ")
        };
        assert_eq!(told("2026-04-16", 150), "14–15 April are missing: 100.00 → 150.00");
        assert_eq!(told("2026-04-15", 150), "14 April is missing: 100.00 → 150.00");
        assert_eq!(
            told("2026-04-14", 150),
            "movements of 13–14 April are missing: 100.00 → 150.00"
        );
        assert_eq!(told("2026-04-13", 150), "movements of 13 April are missing: 100.00 → 150.00");
        assert_eq!(told("2026-04-16", 100), "");
    }

    #[test]
    fn what_overlaps_or_repeats_is_no_gap() {
        let month = statement(("2026-03-01", 100), ("2026-03-31", 900));
        let week = statement(("2026-03-08", 250), ("2026-03-14", 300));
        let over = statement(("2026-03-31", 850), ("2026-04-10", 950));
        let first = statement(("2026-03-01", 100), ("2026-03-01", 120));
        assert!(gaps(&[month.clone(), week, over, first, month]).is_empty());
    }

    #[test]
    fn statements_of_one_day_follow_on_each_other_by_their_balances() {
        let day = |opening, closing| statement(("2026-03-02", opening), ("2026-03-02", closing));
        let next = statement(("2026-03-03", 90), ("2026-03-03", 80));
        let (one, two, three) = (day(100, 98), day(98, 96), day(96, 90));
        assert!(gaps(&[three.clone(), next.clone(), one.clone(), two]).is_empty());
        let told = ["movements of 2 March are missing: 98.00 → 96.00"];
        assert_eq!(gaps(&[three, next, one]), told);
    }

    #[test]
    fn a_bank_may_date_the_opening_balance_by_the_day_before() {
        let statements = [
            statement(("2026-03-01", 100), ("2026-03-02", 90)),
            statement(("2026-03-02", 90), ("2026-03-03", 80)),
            statement(("2026-03-05", 70), ("2026-03-06", 60)),
        ];
        assert_eq!(gaps(&statements), ["4–5 March are missing: 80.00 → 70.00"]);
        let from = coverage(&statements)[0].spans[0].from;
        assert_eq!(from.to_string(), "2026-03-02");
    }

    #[test]
    fn accounts_and_currencies_are_covered_each_by_itself() {
        let one = statement(("2026-03-02", 100), ("2026-03-02", 90));
        let other = KeptStatement { account: "B".to_owned(), ..one.clone() };
        let euro = KeptStatement { currency: Currency::new("EUR").unwrap(), ..one.clone() };
        assert_eq!(coverage(&[one, other, euro]).len(), 3);
    }

    /// Statements of an account from day to day; each may be left out, and each may be several days.
    fn pieces() -> impl Strategy<Value = Vec<(KeptStatement, bool)>> {
        prop::collection::vec((1_u64..4, 1_i64..9, any::<bool>()), 1..12).prop_map(|lengths| {
            let (mut day, mut balance) = (NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(), 0);
            let piece = |(days, sum, is_there): (u64, i64, bool)| {
                let last = day + chrono::Days::new(days - 1);
                let text = |day: NaiveDate| day.to_string();
                let piece = statement((&text(day), balance), (&text(last), balance + sum));
                (day, balance) = (last.succ_opt().unwrap(), balance + sum);
                (piece, is_there)
            };
            lengths.into_iter().map(piece).collect()
        })
    }

    proptest! {
        #[test]
        fn any_order_gives_the_same_answer_and_a_gap_vanishes_when_its_piece_comes(
            (pieces, turned) in pieces().prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
        ) {
            let there = |pieces: &[(KeptStatement, bool)]| -> Vec<KeptStatement> {
                pieces.iter().filter(|it| it.1).map(|it| it.0.clone()).collect()
            };
            let covered = coverage(&there(&pieces));
            prop_assert_eq!(&covered, &coverage(&there(&turned)));
            // Each run of pieces that are left out between two that are there is one gap.
            let runs = pieces.chunk_by(|a, b| a.1 == b.1).filter(|run| run[0].1).count();
            let found: usize = covered.iter().map(|it| it.gaps.len()).sum();
            prop_assert_eq!(found, runs.saturating_sub(1));
            let missing: Decimal = covered.iter().flat_map(|it| &it.gaps).map(|it| it.difference).sum();
            let spanned: Decimal =
                covered.iter().flat_map(|it| &it.spans).map(|it| it.closing - it.opening).sum();
            let ends = covered.first().and_then(|it| Some((it.spans.first()?, it.spans.last()?)));
            if let Some((first, last)) = ends {
                prop_assert_eq!(missing + spanned, last.closing - first.opening);
            }
            let whole: Vec<KeptStatement> = turned.into_iter().map(|it| it.0).collect();
            prop_assert!(gaps(&whole).is_empty());
        }

        #[test]
        fn statements_of_any_days_and_balances_give_the_same_answer_in_any_order(
            (some, turned) in prop::collection::vec((1_u32..6, 0_u32..3, 0_i64..3, 0_i64..3), 0..8)
                .prop_flat_map(|it| (Just(it.clone()), Just(it).prop_shuffle())),
        ) {
            let made = |some: Vec<(u32, u32, i64, i64)>| -> Vec<KeptStatement> {
                some.into_iter().map(|(day, more, opening, closing)| {
                    let text = |day| format!("2026-03-0{day}");
                    statement((&text(day), opening), (&text(day + more), closing))
                }).collect()
            };
            prop_assert_eq!(coverage(&made(some)), coverage(&made(turned)));
        }
    }
}
