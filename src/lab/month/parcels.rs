//! The parcels of a month, and what GLS hands over for them.

use chrono::{Days, NaiveDate};

use super::Calendar;
use crate::lab::borderou::{Borderou, Parcel};
use crate::lab::random::Random;
use crate::lab::shop::{Person, Shop};

/// Numbers that a month may use up: parcels, shipments, orders.
pub(super) const NUMBERS_A_MONTH: u64 = 1_000;

/// Invents a borderou for each working day.
pub(super) fn borderouri(shop: &Shop, calendar: &Calendar, random: &mut Random) -> Vec<Borderou> {
    let mut numbers = (1 + calendar.number * NUMBERS_A_MONTH)..;
    let mut parcels = |date: NaiveDate| {
        let count = 2 + random.below(13);
        let numbers = numbers.by_ref().take(usize::try_from(count).unwrap_or_default());
        numbers.map(|number| parcel(number, date, random)).collect()
    };
    let borderou = |date: &NaiveDate| Borderou {
        client_number: shop.gls_client,
        client_name: shop.name.clone(),
        email: shop.email(),
        account_iban: shop.account_iban.clone(),
        date: *date,
        parcels: parcels(*date),
    };
    calendar.working_days.iter().map(borderou).collect()
}

fn parcel(number: u64, paid_on: NaiveDate, random: &mut Random) -> Parcel {
    // Now and then the shop leaves the field for its order empty.
    let has_order = random.below(12) > 0;
    Parcel {
        reference: 90_000_000 + number,
        number: 6_235_000_000 + number,
        cod_reference: if has_order { order(number).to_string() } else { String::new() },
        delivered: paid_on.checked_sub_days(Days::new(2)).unwrap_or(paid_on),
        amount: random.lei(80, 600),
        address: Person::invent(random).with_address(random),
    }
}

/// The shop's number of an order; parcels and card payments count together.
pub(super) fn order(number: u64) -> u64 {
    3_115_000_000 + number
}
