//! As many files of one shop as are asked for, for runs that are measured.

use std::io;
use std::ops::Range;

use chrono::{Days, NaiveDate};

use super::batch::{self, Batch, Payment};
use super::borderou::{self, Borderou, Parcel};
use super::random::Random;
use super::shop::{Person, Shop};

/// Parcels of a borderou, as on a usual day of a small shop.
const PARCELS: u64 = 8;

/// Payments of a batch.
const PAYMENTS: u64 = 7;

/// Writes borderouri of the shop with so many parcels in all, one borderou a day.
///
/// # Errors
///
/// None in practice: what writing a zip into memory reports.
pub fn borderouri(
    shop: &Shop,
    parcels: u64,
) -> impl Iterator<Item = io::Result<(String, Vec<u8>)>> + '_ {
    let mut random = Random::of(&[shop.gls_client]);
    (0..parcels.div_ceil(PARCELS)).map(move |n| {
        let date = day(n);
        let numbers = n * PARCELS..parcels.min((n + 1) * PARCELS);
        let borderou = borderou(shop, date, numbers, &mut random);
        Ok((format!("{n:06}_{}", borderou.file_name()), borderou::write(&borderou)?))
    })
}

/// Invents the borderou of a day, with a parcel for each of the numbers.
pub fn borderou(
    shop: &Shop,
    date: NaiveDate,
    numbers: Range<u64>,
    random: &mut Random,
) -> Borderou {
    let parcel = |number: u64| Parcel {
        reference: 90_000_000 + number,
        number: 6_000_000_000 + number,
        cod_reference: (3_115_000_000 + number).to_string(),
        delivered: date,
        amount: random.lei(80, 600),
        address: Person::invent(random).with_address(random),
    };
    Borderou {
        client_number: shop.gls_client,
        client_name: shop.name.clone(),
        email: shop.email(),
        account_iban: shop.account_iban.clone(),
        date,
        parcels: numbers.map(parcel).collect(),
    }
}

/// Writes Netopia batches of the shop with so many payments in all, one batch a day.
pub fn batches(shop: &Shop, payments: u64) -> impl Iterator<Item = (String, Vec<u8>)> + '_ {
    let mut random = Random::of(&[shop.terminal]);
    (0..payments.div_ceil(PAYMENTS)).map(move |n| {
        let paid_on = day(n);
        let at = paid_on.and_hms_opt(9, 35, 9).unwrap_or_default();
        let numbers = n * PAYMENTS..payments.min((n + 1) * PAYMENTS);
        let payment = |number: u64| Payment {
            id: 1_000 + number,
            at,
            gross: random.lei(50, 600),
            payer: Person::invent(&mut random),
            order: 3_115_000_000 + number,
        };
        let batch = Batch {
            id: 52_000_000 + n,
            report: 2_200_000 + n,
            paid_on,
            merchant: shop.merchant.clone(),
            terminal: shop.terminal,
            site: shop.site.clone(),
            payout_of: None,
            payments: numbers.map(payment).collect(),
            refunds: Vec::new(),
            fee_returns: Vec::new(),
        };
        (batch.file_name(), batch::write(&batch))
    })
}

/// Returns the n-th day, within this century.
fn day(n: u64) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2010, 1, 1).unwrap_or_default();
    first.checked_add_days(Days::new(n % 30_000)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn there_are_as_many_files_as_the_records_fill_and_each_has_its_name() {
        let shop = Shop::invent(3);
        let mut names: HashSet<String> =
            borderouri(&shop, 81).map(|file| file.unwrap().0).collect();
        assert_eq!(names.len(), 11);
        names.extend(batches(&shop, 71).map(|(name, _)| name));
        assert_eq!(names.len(), 22);
        assert_eq!(borderouri(&shop, 0).count() + batches(&shop, 0).count(), 0);
    }
}
