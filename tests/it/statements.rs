//! Statements are kept: what they cover, what is missing between them, and twins that they tell apart.

use proptest::prelude::*;
use vama::inside::check::coverage::coverage;
use vama::inside::road::report::{FileReport, Status};
use vama::inside::store;
use vama::record::KeptStatement;

use crate::properties::on_database;
use crate::same_rows::IBAN;
use crate::world::{Company, told};

/// A statement: its number, the days of its balances in March, the opening balance, and its entries,
/// each with its value date and amount in lei.
#[derive(Debug, Clone)]
struct Written {
    number: usize,
    days: (u32, u32),
    opening: i64,
    entries: Vec<(u32, i64)>,
}

impl Written {
    fn closing(&self) -> i64 {
        self.opening + self.entries.iter().map(|it| it.1).sum::<i64>()
    }

    fn text(&self) -> String {
        let Self { number, days: (first, last), opening, entries } = self;
        let mut text = format!(
            ":20:S{number}\n:25:{IBAN}\n:28C:{number}/1\n:60F:C2603{first:02}RON{opening},00\n"
        );
        for (day, amount) in entries {
            let mark = if *amount < 0 { 'D' } else { 'C' };
            let amount = amount.abs();
            text.push_str(&format!(":61:2603{day:02}{mark}{amount},00NTRFNONREF\n:86:Comision\n"));
        }
        text + &format!(":62F:C2603{last:02}RON{},00\n", self.closing())
    }
}

fn of_day(number: usize, day: u32, opening: i64, entries: &[(u32, i64)]) -> Written {
    Written { number, days: (day, day), opening, entries: entries.to_vec() }
}

/// Makes bytes that no other file has, of the same statements.
fn other_bytes(text: &str, times: usize) -> String {
    format!("{text}{}", "\n".repeat(times))
}

fn counts(report: &FileReport) -> (u64, u64, u64) {
    (report.inserted, report.duplicates, report.held)
}

impl Company {
    async fn kept(&mut self) -> Vec<KeptStatement> {
        store::kept_statements(&mut self.session, &self.slug).await.unwrap()
    }

    async fn gaps(&mut self) -> Vec<String> {
        let kept = self.kept().await;
        coverage(&kept).into_iter().flat_map(|it| it.gaps).map(|gap| gap.to_string()).collect()
    }
}

#[tokio::test]
async fn a_statement_is_kept_with_all_its_pages_and_each_entry_names_it() {
    let mut company = Company::new("kept").await;
    let pages = format!(
        ":20:A\n:25:{IBAN}\n:28C:12/1\n:60F:C260302RON1000,00\n:61:260302D200,00NMSCNONREF\n\
         :86:Retragere\n:62M:C260302RON800,00\n-\n\
         :20:A\n:25:{IBAN}\n:28C:12/1\n:60M:C260302RON800,00\n:61:260302D200,00NMSCNONREF\n\
         :86:Retragere\n:62F:C260302RON600,00\n-\n"
    );
    let interim = format!(
        ":20:B\n:25:{IBAN}\n:28C:1/1\n:34F:RON0,\n:61:260309C5,00NTRFNONREF\n:86:x\n:90C:1RON5,00\n"
    );
    let text = pages + &of_day(13, 3, 600, &[(3, 7)]).text() + &interim;
    let report = company.import("a.sta", text.as_bytes()).await;
    assert_eq!(counts(&report), (3, 0, 1), "{}", told(&report));
    let kept = company.kept().await;
    let numbers: Vec<_> = kept.iter().map(|it| (it.number.as_str(), it.entries, it.line)).collect();
    assert_eq!(numbers, [("12", 2, 1), ("13", 1, 17)]);
    assert_eq!((kept[0].opening, kept[0].closing), (1000.into(), 600.into()));
    let named: Vec<(Option<String>, i64)> = company
        .rows(
            "select s.statement_number, count(*) from bank_transactions t \
             left join bank_statements s on s.id = t.statement_id group by 1 order by 1",
        )
        .await;
    assert_eq!(named, [(Some("12".to_owned()), 2), (Some("13".to_owned()), 1)]);
    let keys: Vec<(bool,)> = company
        .rows(
            "select statement_hash = md5(concat_ws('|', account_iban, statement_number, opening_date, \
             opening_balance, closing_date, closing_balance)) from bank_statements",
        )
        .await;
    assert_eq!(keys, [(true,), (true,)]);
}

#[tokio::test]
async fn a_statement_that_is_there_stays_and_undo_takes_out_what_its_import_brought() {
    let mut company = Company::new("kept-once").await;
    let (one, two) = (of_day(1, 2, 100, &[(2, 5)]), of_day(2, 3, 105, &[(3, 6)]));
    let first = company.import("a.sta", one.text().as_bytes()).await;
    let second = company.import("b.sta", (one.text() + &two.text()).as_bytes()).await;
    assert_eq!(counts(&second), (1, 1, 0), "{}", told(&second));
    let brought: Vec<(Option<i64>,)> = company
        .rows(
            "select number from bank_statements s join sync_logs l on l.id = s.import_id order by 1",
        )
        .await;
    assert_eq!(brought, [(first.import,), (second.import,)]);
    let (slug, number) = (company.slug.clone(), first.import.unwrap());
    let undone = store::undo(&mut company.session, &slug, number).await.unwrap();
    assert_eq!(undone.rows.get("bank_statements"), Some(&1));
    assert_eq!(company.kept().await.len(), 1);
    // The other file had found them there: it is read again, and brings both.
    let again = company.import("b.sta", (one.text() + &two.text()).as_bytes()).await;
    assert_eq!((again.status, again.inserted), (Status::Imported, 1), "{}", told(&again));
    assert_eq!(company.kept().await.len(), 2);
}

#[tokio::test]
async fn a_gap_is_told_when_it_opens_and_is_gone_when_the_missing_piece_comes_in_any_order() {
    let pieces = [
        of_day(1, 13, 200, &[(13, 20)]),
        of_day(2, 14, 220, &[(14, 1)]),
        of_day(3, 15, 221, &[(15, 5)]),
        of_day(4, 16, 226, &[(16, 9)]),
    ];
    let files = [pieces[0].text(), pieces[1].text() + &pieces[2].text(), pieces[3].text()];
    let missing = "14–15 April are missing: 220.00 → 226.00".replace("April", "March");
    for order in [[0, 2, 1], [2, 0, 1]] {
        let mut company = Company::new("gap").await;
        let mut warned = Vec::new();
        for file in order {
            warned.push(company.import("a.sta", files[file].as_bytes()).await.warnings);
        }
        assert_eq!(warned, [vec![], vec![missing.clone()], vec![]], "{order:?}");
        assert_eq!(company.gaps().await, Vec::<String>::new());
        let logged: Vec<(String,)> = company
            .rows("select details ->> 'warnings' from sync_logs order by number offset 1 limit 1")
            .await;
        assert_eq!(logged, [(format!("[\"{missing}\"]"),)]);
    }
    // A part of the missing piece leaves a smaller gap.
    let mut company = Company::new("gap-part").await;
    for file in [&files[0], &files[2], &pieces[1].text()] {
        company.import("a.sta", file.as_bytes()).await;
    }
    assert_eq!(company.gaps().await, ["15 March is missing: 221.00 → 226.00"]);
}

#[tokio::test]
async fn equal_fees_of_statements_that_are_proven_apart_are_two_rows_in_any_order() {
    let chained = [of_day(12, 2, 1000, &[(2, -2)]), of_day(13, 2, 998, &[(2, -2)])];
    // The second fee of a day is booked on the next.
    let other_days = [of_day(12, 2, 1000, &[(2, -2)]), of_day(13, 3, 998, &[(2, -2)])];
    for two in [chained, other_days] {
        let both = two[0].text() + &two[1].text();
        let mut company = Company::new("apart").await;
        let report = company.import("a.sta", both.as_bytes()).await;
        assert_eq!(counts(&report), (2, 0, 0), "{}", told(&report));
        drop(company);
        for order in [[0, 1], [1, 0]] {
            let mut company = Company::new("apart").await;
            for at in order {
                let report = company.import("a.sta", two[at].text().as_bytes()).await;
                assert_eq!(counts(&report), (1, 0, 0), "{}", told(&report));
            }
            // Both again, and a month around them: nothing is added.
            let month =
                Written { number: 3, days: (1, 31), opening: 1000, entries: vec![(2, -2); 2] };
            for again in [&both, &other_bytes(&two[1].text(), 1), &month.text()] {
                let report = company.import("a.sta", again.as_bytes()).await;
                assert_eq!(report.inserted, 0, "{}", told(&report));
                assert_eq!(report.duplicates, report.read);
            }
        }
    }
}

#[tokio::test]
async fn the_statement_of_a_stored_twin_may_be_of_long_ago() {
    let mut company = Company::new("apart-far").await;
    for (number, day) in [(1, 2), (2, 9), (3, 16)] {
        // Each books a fee of the second of March.
        let statement = of_day(number, day, 100, &[(2, -2), (day, 2)]);
        let report = company.import("a.sta", statement.text().as_bytes()).await;
        assert_eq!(counts(&report), (2, 0, 0), "{}", told(&report));
    }
}

#[tokio::test]
async fn a_fee_whose_twin_was_undone_is_found_again() {
    let mut company = Company::new("apart-undone").await;
    let fees = [of_day(1, 2, 100, &[(2, -2)]), of_day(2, 3, 98, &[(2, -2)])];
    let mut imports = Vec::new();
    for fee in &fees {
        imports.push(company.import("a.sta", fee.text().as_bytes()).await.import.unwrap());
    }
    let slug = company.slug.clone();
    store::undo(&mut company.session, &slug, imports[0]).await.unwrap();
    let report = company.import("b.sta", other_bytes(&fees[1].text(), 1).as_bytes()).await;
    assert_eq!(counts(&report), (0, 1, 0), "{}", told(&report));
    let report = company.import("a.sta", fees[0].text().as_bytes()).await;
    assert_eq!(counts(&report), (1, 0, 0), "{}", told(&report));
}

#[tokio::test]
async fn a_row_that_knows_no_statement_is_matched_as_if_nothing_were_proven() {
    for forget in [
        "update %S.bank_transactions set statement_id = null",
        "delete from %S.bank_statements",
        "update %S.bank_statements set opening_date = null, closing_date = 'infinity'",
        "update %S.bank_statements set opening_balance = 'NaN', account_iban = null",
    ] {
        let mut company = Company::new("apart-old").await;
        company.import("a.sta", of_day(12, 2, 1000, &[(2, -2)]).text().as_bytes()).await;
        company.as_owner(forget).await;
        let next = of_day(13, 3, 998, &[(2, -2)]);
        let report = company.import("b.sta", next.text().as_bytes()).await;
        assert_eq!(counts(&report), (0, 1, 0), "{forget}: {}", told(&report));
        let again = of_day(12, 2, 1000, &[(2, -2)]).text();
        let report = company.import("c.sta", other_bytes(&again, 1).as_bytes()).await;
        assert_eq!(report.status, Status::Imported, "{forget}: {}", told(&report));
    }
}

/// What happened on an account: statements that follow on each other, several of them a day, with fees
/// that look alike.
fn account() -> impl Strategy<Value = Vec<Written>> {
    let statement = (0_u32..2, prop::collection::vec(-2_i64..1, 0..4));
    prop::collection::vec(statement, 3..7).prop_map(|statements| {
        let (mut day, mut opening) = (3, 1000);
        let mut number = 0;
        let written = |(days, amounts): (u32, Vec<i64>)| {
            day += days;
            number += 1;
            // All have one value date, and no reference: nothing but their statements tells them apart.
            let amounts = amounts.into_iter().filter(|it| *it != 0);
            let entries: Vec<(u32, i64)> = amounts.map(|it| (2, it)).collect();
            let statement = of_day(number, day, opening, &entries);
            opening = statement.closing();
            statement
        };
        statements.into_iter().map(written).collect()
    })
}

#[test]
fn no_order_of_statements_and_of_the_months_around_them_adds_a_row_too_many() {
    // Files: of some statements one by one, or of all of these as one statement.
    let file = (0_usize..7, 1_usize..7, any::<bool>());
    let case = (account(), prop::collection::vec(file, 1..6));
    on_database(8, case, async |(account, files)| {
        let mut company = Company::new("apart-any").await;
        let all: usize = account.iter().map(|it| it.entries.len()).sum();
        let of = |from: usize, length: usize, as_one: bool| {
            let from = from.min(account.len() - 1);
            let part = &account[from..account.len().min(from + length)];
            // A bank cuts no day in two where it makes one statement of several.
            let (first, last) = (part[0].days.0, part[part.len() - 1].days.0);
            let is_of = |it: &&Written| first <= it.days.0 && it.days.0 <= last;
            let whole_days: Vec<Written> = account.iter().filter(is_of).cloned().collect();
            let part = if as_one { &whole_days } else { part };
            let whole = Written {
                number: 100 + from * 10 + length,
                days: (part[0].days.0, part[part.len() - 1].days.1),
                opening: part[0].opening,
                entries: part.iter().flat_map(|it| it.entries.clone()).collect(),
            };
            match as_one {
                true => whole.text(),
                false => part.iter().map(Written::text).collect(),
            }
        };
        for (times, (from, length, as_one)) in files.into_iter().enumerate() {
            let text = of(from, length, as_one);
            let report = company.import("a.sta", other_bytes(&text, times).as_bytes()).await;
            assert_eq!(report.held, 0, "{}", told(&report));
            assert!(company.count("bank_transactions").await as usize <= all, "{text}");
            let again = company.import("a.sta", other_bytes(&text, 50 + times).as_bytes()).await;
            assert_eq!((again.inserted, again.held), (0, 0), "{}\n{text}", told(&again));
        }
        // All of it, statement by statement, each of which moved the balance to where it had not been:
        // then nothing is missing.
        let whole = of(0, account.len(), false);
        company.import("a.sta", other_bytes(&whole, 99).as_bytes()).await;
        assert_eq!(company.count("bank_transactions").await as usize, all);
        assert_eq!(company.gaps().await, Vec::<String>::new());
    });
}
