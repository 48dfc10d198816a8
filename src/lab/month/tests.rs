//! Reads the written files back, by the rules of their senders and not with the code that wrote them.

use std::collections::{HashMap, HashSet};
use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};

use super::*;

/// The amount of an entry, and what stands behind the amount in its line.
type EntryFacts = (Decimal, String);

/// The entries of a statement, and the opening and closing balance of each message.
fn statement_facts(bytes: &[u8]) -> (Vec<EntryFacts>, Vec<(Decimal, Decimal)>) {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.lines().all(|line| line.len() <= 86));
    let signed = |mark: &str, amount: &str| {
        let amount: Decimal = amount.replace(',', ".").parse().unwrap();
        if mark == "D" { -amount } else { amount }
    };
    let (mut entries, mut balances, mut opening) = (Vec::new(), Vec::new(), Decimal::ZERO);
    for line in text.lines() {
        if let Some(entry) = line.strip_prefix(":61:") {
            let end = entry[11..].find('N').unwrap() + 11;
            let amount = signed(&entry[10..11], &entry[11..end]);
            entries.push((amount, entry[end..].to_owned()));
        } else if let Some(balance) = line.strip_prefix(":60F:") {
            opening = signed(&balance[..1], &balance[10..]);
        } else if let Some(balance) = line.strip_prefix(":62F:") {
            balances.push((opening, signed(&balance[..1], &balance[10..])));
        }
    }
    (entries, balances)
}

/// Amounts of the parcels and the stated total of a borderou.
fn borderou_facts(bytes: &[u8]) -> (Vec<Decimal>, Decimal) {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range("Daily").unwrap();
    let mut amounts: Vec<Decimal> = (sheet.rows().skip(8))
        .map(|row| match row[4] {
            Data::Float(amount) => Decimal::try_from(amount).unwrap().round_dp(2),
            ref other => panic!("{other:?}"),
        })
        .collect();
    let total = amounts.pop().unwrap();
    (amounts, total)
}

/// The lines of a batch by header.
fn batch_lines(bytes: &[u8]) -> Vec<HashMap<String, String>> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut csv = String::new();
    zip.by_index(0).unwrap().read_to_string(&mut csv).unwrap();
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    reader.deserialize().map(Result::unwrap).collect()
}

fn files<'m>(month: &'m Month, folder: &str) -> Vec<&'m GeneratedFile> {
    let in_folder = month.files.iter().filter(|file| file.folder == folder);
    in_folder.collect()
}

fn credits(month: &Month) -> Vec<Decimal> {
    let movements = month.days.iter().flat_map(|day| &day.movements);
    movements.map(|movement| movement.amount).collect()
}

#[test]
fn the_statement_adds_up() {
    let month = Month::invent(1, 2026, 3).unwrap();
    let (entries, balances) = statement_facts(&files(&month, "bank")[0].bytes);
    assert_eq!(entries.len(), month.expected.bank_transactions);
    assert_eq!(balances.len(), 22);
    assert_eq!(balances[0].0, month.opening);
    assert!(balances.windows(2).all(|pair| pair[0].1 == pair[1].0));
    let sum: Decimal = entries.iter().map(|(amount, _)| amount).sum();
    assert_eq!(balances[21].1, month.opening + sum);
    assert_eq!(balances[21].1, month.balance_before(22));
}

#[test]
fn the_week_says_what_the_month_says_in_another_order() {
    let month = Month::invent(1, 2026, 3).unwrap();
    let bank = files(&month, "bank");
    let (whole, balances) = statement_facts(&bank[0].bytes);
    let (week, week_balances) = statement_facts(&bank[1].bytes);
    assert!(bank[1].name.ends_with("_20260309_20260313.txt"), "{}", bank[1].name);
    assert_eq!(week_balances.len(), 5);
    assert!(week_balances.iter().all(|pair| balances.contains(pair)));
    assert!(week.iter().all(|entry| whole.contains(entry)));
    let start = whole.iter().position(|entry| week.contains(entry)).unwrap();
    assert_ne!(week, whole[start..start + week.len()]);
}

#[test]
fn every_total_of_gls_is_one_credit() {
    let month = Month::invent(2, 2026, 2).unwrap();
    let mut parcels = 0;
    for file in files(&month, "gls") {
        let (amounts, total) = borderou_facts(&file.bytes);
        assert_eq!(amounts.iter().sum::<Decimal>(), total);
        assert_eq!(credits(&month).iter().filter(|credit| **credit == total).count(), 1);
        parcels += amounts.len();
    }
    assert_eq!(parcels, month.expected.parcels);
    assert_eq!(files(&month, "gls").len(), month.expected.borderouri);
}

#[test]
fn every_net_of_netopia_is_one_credit() {
    let month = Month::invent(2, 2026, 2).unwrap();
    let statement = String::from_utf8(files(&month, "bank")[0].bytes.clone()).unwrap();
    let statement = statement.replace("\r\n", "");
    let (mut payments, mut refunds, mut fees) = (HashSet::new(), HashSet::new(), 0);
    let mut fee_returns = HashSet::new();
    for file in files(&month, "netopia") {
        let lines = batch_lines(&file.bytes);
        let number = |line: &HashMap<String, String>, header| {
            let number: Decimal = line[header].parse().unwrap();
            number
        };
        let net: Decimal = (lines.iter())
            .flat_map(|line| ["Procesat", "Creditat", "Comision", "TVA"].map(|h| number(line, h)))
            .sum();
        let half_up = (net + Decimal::new(5, 3)).trunc_with_scale(2);
        assert!(half_up > Decimal::ZERO);
        assert_eq!(credits(&month).iter().filter(|credit| **credit == half_up).count(), 1);
        let batch = &lines[0]["#"];
        assert!(statement.contains(&format!("/ROC/BatchId {batch}//RFB/")));
        for line in &lines {
            if number(line, "Procesat") > Decimal::ZERO {
                assert!(payments.insert(line["Id"].clone()));
            }
            if number(line, "Creditat") < Decimal::ZERO {
                assert!(refunds.insert((line["Id"].clone(), line["Data operatiei"].clone())));
            }
            fees += usize::from(line["Id"].is_empty());
            let moment = (line["Id"].clone(), line["Data operatiei"].clone());
            if number(line, "Comision") > Decimal::ZERO {
                fee_returns.insert(moment);
            }
        }
    }
    let Expected { payments: stated, refunds: given_back, payout_fees, .. } = month.expected;
    let alone = fee_returns.difference(&refunds).count();
    assert_eq!((alone, month.expected.fee_returns), (1, 1));
    assert_eq!((payments.len(), refunds.len(), fees), (stated, given_back, payout_fees));
    assert!(refunds.iter().all(|(id, _)| payments.contains(id)));
    assert!(refunds.len() >= 5);
}

#[test]
fn every_month_is_of_the_size_of_a_real_one_and_has_twins() {
    for seed in 0..2 {
        for month in 1..=12 {
            let month = Month::invent(seed, 2026, month).unwrap();
            let count = month.expected.bank_transactions;
            assert!((140..=210).contains(&count), "{count} entries");
            assert_eq!(month.expected.batches, 5);
            let twins = |day: &Day| {
                let tickets = day.movements.iter().filter(|m| m.bank_reference.is_empty());
                tickets.count() > 1
            };
            assert!(month.days.iter().filter(|day| twins(day)).count() >= 3);
            assert!((0..=month.days.len()).all(|day| month.balance_before(day) > Decimal::ZERO));
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let (first, second) = (Month::invent(7, 2025, 8), Month::invent(7, 2025, 8));
    assert_eq!(first.unwrap().files, second.unwrap().files);
}

#[test]
fn months_of_one_seed_are_of_one_shop_and_share_no_number() {
    let months = [Month::invent(7, 2025, 12).unwrap(), Month::invent(7, 2026, 1).unwrap()];
    assert_eq!(months[0].shop.account_iban, months[1].shop.account_iban);
    let numbers = |month: &Month| -> HashSet<String> {
        let movements = month.days.iter().flat_map(|day| &day.movements);
        let references = movements.map(|movement| movement.bank_reference.clone());
        let parcels = month.borderouri.iter().flat_map(|b| &b.parcels);
        let payments = month.batches.iter().flat_map(|b| &b.payments);
        (references.filter(|reference| !reference.is_empty()))
            .chain(parcels.map(|parcel| parcel.number.to_string()))
            .chain(payments.flat_map(|p| [format!("id {}", p.id), format!("order {}", p.order)]))
            .chain(month.batches.iter().map(|batch| batch.id.to_string()))
            .collect()
    };
    assert!(numbers(&months[0]).is_disjoint(&numbers(&months[1])));
}

#[test]
fn a_month_can_be_split_anywhere() {
    let month = Month::invent(3, 2026, 2).unwrap();
    let whole = month.statement_of(0..20).unwrap();
    for cut in 1..20 {
        let parts = [month.statement_of(0..cut), month.statement_of(cut..20)];
        let parts = parts.map(|part| part.unwrap().bytes).concat();
        assert_eq!(parts, whole.bytes);
    }
    assert!(month.statement_of(5..5).is_err());
    assert!(month.statement_of(0..21).is_err());
}

#[test]
fn what_is_no_month_is_refused() {
    for (year, month) in [(2026, 0), (2026, 13), (1999, 12), (2100, 1), (i32::MIN, 1)] {
        assert!(Month::invent(1, year, month).is_err());
    }
}
