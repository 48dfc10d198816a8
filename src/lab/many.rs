//! A statement of any length.

use chrono::{Days, NaiveDate};

use super::narrative;
use super::random::Random;
use super::shop::Shop;
use super::statement::{Day, Movement};

/// Days up to the end of 2099, rounded down: a date in MT940 has two digits for its year.
const DAYS_MAX: u64 = 32_800;

/// Invents the days of a statement with that many entries, one day at a time.
///
/// The entries are of all kinds that a shop's statement has, about 170 bytes each: payments whose
/// fee bears the same reference, transfers, card settlements, a few pairs of twins without any
/// reference. Days follow each other from the first of 2010; where the century has too few days,
/// each day takes more entries.
pub fn many(seed: u64, entries: u64, entries_a_day: u64) -> impl Iterator<Item = Day> {
    let first = NaiveDate::from_ymd_opt(2010, 1, 1).unwrap_or_default();
    let entries_a_day = entries_a_day.max(entries.div_ceil(DAYS_MAX)).max(1);
    let shop = Shop::invent(seed);
    let mut random = Random::of(&[seed, entries]);
    (0..entries.div_ceil(entries_a_day)).map(move |n| {
        let date = first.checked_add_days(Days::new(n)).unwrap_or_default();
        let room = entries_a_day.min(entries - n * entries_a_day);
        Day { date, movements: movements(date, room, &shop, &mut random) }
    })
}

fn movements(date: NaiveDate, room: u64, shop: &Shop, random: &mut Random) -> Vec<Movement> {
    let room = usize::try_from(room).unwrap_or(usize::MAX);
    let mut movements = Vec::new();
    while movements.len() < room {
        let reference = narrative::reference(date, movements.len() as u64);
        add(&mut movements, date, shop, random, reference);
    }
    // A payment that fills the day loses its fee, for which there is no more room.
    movements.truncate(room);
    movements
}

fn add(
    movements: &mut Vec<Movement>,
    date: NaiveDate,
    shop: &Shop,
    random: &mut Random,
    reference: String,
) {
    match random.below(40) {
        0 => movements.extend([narrative::parking(date), narrative::parking(date)]),
        1..=12 => {
            let payment = narrative::supplier_payment(date, shop, random, reference);
            movements.extend(payment.into_iter().flatten());
        }
        13..=15 => {
            let takings = random.lei(50, 2000);
            let settlement = narrative::card_settlement(date, takings, shop.terminal, reference);
            movements.extend(settlement);
        }
        16..=20 => {
            let takings = random.lei(200, 5000);
            movements.push(narrative::gls_transfer(date, takings, reference));
        }
        21 | 22 => {
            let batch = 52_000_000 + random.below(1_000_000);
            let net = random.lei(200, 3000);
            let numbers = (batch, batch - 49_800_000);
            movements.push(narrative::netopia_transfer(date, net, numbers, reference));
        }
        23 | 24 => {
            let sales = random.lei(500, 9000);
            movements.push(narrative::emag_transfer(date, sales, reference));
        }
        _ => movements.extend(narrative::client_transfer(date, shop, random, reference)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::io;

    use super::*;
    use crate::lab::statement;

    #[test]
    fn there_are_as_many_entries_as_asked_for() {
        for (entries, entries_a_day) in [(0, 10), (1, 0), (7, 3), (1000, 1), (1000, 5000)] {
            let days: Vec<Day> = many(5, entries, entries_a_day).collect();
            let count: usize = days.iter().map(|day| day.movements.len()).sum();
            assert_eq!(count as u64, entries);
        }
    }

    #[test]
    fn no_two_days_share_a_date_even_in_a_very_long_statement() {
        let mut dates: Vec<NaiveDate> = many(5, 100_000, 1).map(|day| day.date).collect();
        let count = dates.len();
        assert!(dates.is_sorted());
        dates.dedup();
        assert_eq!(dates.len(), count);
        assert!(dates.last().unwrap() < &NaiveDate::from_ymd_opt(2100, 1, 1).unwrap());
    }

    #[test]
    fn a_reference_belongs_to_one_operation_and_some_entries_are_twins() {
        let mut operations: HashMap<String, Vec<Movement>> = HashMap::new();
        for movement in many(5, 20_000, 700).flat_map(|day| day.movements) {
            let reference = movement.bank_reference.clone();
            operations.entry(reference).or_default().push(movement);
        }
        let twins = operations.remove("").unwrap();
        assert!((200..2000).contains(&twins.len()), "{}", twins.len());
        assert!(twins.iter().all(|twin| twin.text == twins[0].text));
        let shared = operations.values().filter(|entries| entries.len() > 1);
        assert!(shared.count() > 4000);
        let fees =
            |entries: &Vec<Movement>| entries.iter().filter(|e| e.type_code == "NCHG").count();
        assert!(operations.values().all(|e| e.len() - fees(e) == 1));
    }

    #[test]
    fn an_entry_weighs_about_170_bytes() {
        struct Count(u64);
        impl io::Write for Count {
            fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
                self.0 += bytes.len() as u64;
                Ok(bytes.len())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let mut count = Count(0);
        let iban = Shop::invent(5).account_iban;
        statement::write(&iban, "RON", 0.into(), many(5, 10_000, 1000), &mut count).unwrap();
        assert!((160..180).contains(&(count.0 / 10_000)), "{}", count.0);
    }
}
