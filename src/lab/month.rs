//! A month of one shop that fits together.
//!
//! Each borderou's total and each batch's net stands as one credit on the statement.

mod account;
mod parcels;
mod payments;

use std::io;
use std::ops::Range;

use chrono::{Datelike, NaiveDate, Weekday};
use rust_decimal::Decimal;

use super::batch::{self, Batch};
use super::borderou::{self, Borderou};
use super::random::Random;
use super::shop::Shop;
use super::statement::{self, Day};

/// Card batches that Netopia pays out in a month.
const BATCHES: u64 = 5;

/// A month of one shop: what happened, and the files that say so.
#[derive(Debug, Clone)]
pub struct Month {
    /// Whose month it is.
    pub shop: Shop,
    /// The account's balance before the first day, in lei.
    pub opening: Decimal,
    /// The account's days: Monday to Friday.
    pub days: Vec<Day>,
    /// What GLS handed over, one a day.
    pub borderouri: Vec<Borderou>,
    /// What Netopia paid out.
    pub batches: Vec<Batch>,
    /// The statement of the month, the statement of one of its weeks, borderouri and batches.
    pub files: Vec<GeneratedFile>,
    /// What an import of all the files yields.
    pub expected: Expected,
}

/// A file as it would arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Where it belongs: `bank`, `gls` or `netopia`.
    pub folder: &'static str,
    /// The name that its sender gives it.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// What a right import of a month counts, each record once however often it is stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// Entries of the account.
    pub bank_transactions: usize,
    /// Borderouri.
    pub borderouri: usize,
    /// Parcels in them.
    pub parcels: usize,
    /// Card batches.
    pub batches: usize,
    /// Card payments in them.
    pub payments: usize,
    /// Refunds in them.
    pub refunds: usize,
    /// Fees for paying a batch out.
    pub payout_fees: usize,
    /// Fees that came back alone.
    pub fee_returns: usize,
}

impl Month {
    /// Invents a month: the shop follows from the seed, the month from all three.
    ///
    /// Months of one seed are of one shop and share no parcel, payment, batch or reference. Their
    /// balances do not follow each other.
    ///
    /// # Errors
    ///
    /// A month that is not in 2000 to 2099, the years that a date in MT940 can state.
    pub fn invent(seed: u64, year: i32, month: u32) -> io::Result<Month> {
        let calendar = Calendar::of(year, month).ok_or_else(|| {
            let problem = format!("{year}-{month:02} is not a month of the years 2000 to 2099");
            io::Error::new(io::ErrorKind::InvalidInput, problem)
        })?;
        let mut random = Random::of(&[seed, calendar.number]);
        let shop = Shop::invent(seed);
        let opening = random.lei(20_000, 60_000);
        let borderouri = parcels::borderouri(&shop, &calendar, &mut random);
        let batches = payments::batches(&shop, &calendar, &mut random);
        let days = account::days(&shop, &borderouri, &batches, &mut random);
        let mut month = Month {
            expected: Expected::of(&days, &borderouri, &batches),
            files: Vec::new(),
            shop,
            opening,
            days,
            borderouri,
            batches,
        };
        month.files = month.all_files(&mut random)?;
        Ok(month)
    }

    /// Returns the account's balance before the day of that index, or after the last one.
    pub fn balance_before(&self, day: usize) -> Decimal {
        let movements = self.days.iter().take(day).flat_map(|day| &day.movements);
        self.opening + movements.map(|movement| movement.amount).sum::<Decimal>()
    }

    /// Writes the statement of some of the days, counted from 0.
    ///
    /// # Errors
    ///
    /// A range that holds no day, or goes beyond the last one.
    pub fn statement_of(&self, days: Range<usize>) -> io::Result<GeneratedFile> {
        let opening = self.balance_before(days.start);
        self.statement(opening, self.days.get(days).unwrap_or_default())
    }

    fn statement(&self, opening: Decimal, days: &[Day]) -> io::Result<GeneratedFile> {
        let (Some(first), Some(last)) = (days.first(), days.last()) else {
            let problem = "a statement needs at least one day of the month";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, problem));
        };
        let (iban, mut bytes) = (&self.shop.account_iban, Vec::new());
        statement::write(iban, "RON", opening, days, &mut bytes)?;
        let (from, to) = (first.date.format("%Y%m%d"), last.date.format("%Y%m%d"));
        Ok(GeneratedFile { folder: "bank", name: format!("MT940_{iban}_{from}_{to}.txt"), bytes })
    }

    fn all_files(&self, random: &mut Random) -> io::Result<Vec<GeneratedFile>> {
        let mut files = vec![self.statement_of(0..self.days.len())?, self.week(random)?];
        for borderou in &self.borderouri {
            files.push(GeneratedFile {
                folder: "gls",
                name: borderou.file_name(),
                bytes: borderou::write(borderou)?,
            });
        }
        for batch in &self.batches {
            files.push(GeneratedFile {
                folder: "netopia",
                name: format!("{}.zip", batch.file_name()),
                bytes: batch::zipped(batch)?,
            });
        }
        Ok(files)
    }

    /// Returns the statement of the week around the middle of the month, as if it were asked for
    /// again: the entries of each day come in another order.
    fn week(&self, random: &mut Random) -> io::Result<GeneratedFile> {
        let middle = self.days.iter().map(|day| day.date).find(|date| date.day() >= 13);
        let week = |date: NaiveDate| Some(date.iso_week()) == middle.map(|d| d.iso_week());
        let start = self.days.iter().take_while(|day| !week(day.date)).count();
        let mut days: Vec<Day> = self.days.iter().filter(|d| week(d.date)).cloned().collect();
        for day in &mut days {
            random.shuffle(&mut day.movements);
        }
        self.statement(self.balance_before(start), &days)
    }
}

impl Expected {
    fn of(days: &[Day], borderouri: &[Borderou], batches: &[Batch]) -> Expected {
        Expected {
            bank_transactions: days.iter().map(|day| day.movements.len()).sum(),
            borderouri: borderouri.len(),
            parcels: borderouri.iter().map(|b| b.parcels.len()).sum(),
            batches: batches.len(),
            payments: batches.iter().map(|b| b.payments.len()).sum(),
            refunds: batches.iter().map(|b| b.refunds.len()).sum(),
            payout_fees: batches.iter().filter(|b| b.payout_of.is_some()).count(),
            fee_returns: batches.iter().map(|b| b.fee_returns.len()).sum(),
        }
    }

    /// Returns how many operations the card batches have.
    pub fn operations(&self) -> usize {
        self.payments + self.refunds + self.payout_fees + self.fee_returns
    }
}

/// The working days of a month, and its place among all months.
struct Calendar {
    working_days: Vec<NaiveDate>,
    /// Months since January 2000: keeps the numbers of different months apart.
    number: u64,
}

impl Calendar {
    fn of(year: i32, month: u32) -> Option<Calendar> {
        let since = u64::try_from(year.checked_sub(2000)?).ok().filter(|since| *since < 100)?;
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        let weekend = |date: &NaiveDate| matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        Some(Calendar {
            working_days: (first.iter_days())
                .take_while(|date| date.month() == month)
                .filter(|date| !weekend(date))
                .collect(),
            number: since * 12 + u64::from(first.month0()),
        })
    }
}

#[cfg(test)]
mod tests;
