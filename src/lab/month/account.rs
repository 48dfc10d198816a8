//! The entries of a month's account.

use crate::lab::batch::Batch;
use crate::lab::borderou::Borderou;
use crate::lab::narrative;
use crate::lab::random::Random;
use crate::lab::shop::Shop;
use crate::lab::statement::{Day, Movement};

/// Invents the days of the account, around the money that GLS and Netopia hand over.
pub(super) fn days(
    shop: &Shop,
    borderouri: &[Borderou],
    batches: &[Batch],
    random: &mut Random,
) -> Vec<Day> {
    let mut operations = 0;
    let day = |(n, borderou): (usize, &Borderou)| {
        let mut reference = |random: &mut Random| {
            operations += 1;
            let number = operations * 10_000 + random.below(10_000);
            narrative::reference(borderou.date, number)
        };
        let mut movements = settlements(borderou, batches, || reference(random));
        movements.extend(trade(n, shop, borderou, random, &mut reference));
        random.shuffle(&mut movements);
        Day { date: borderou.date, movements }
    };
    borderouri.iter().enumerate().map(day).collect()
}

/// Returns the entries that a borderou or a batch states, too.
fn settlements(
    borderou: &Borderou,
    batches: &[Batch],
    mut reference: impl FnMut() -> String,
) -> Vec<Movement> {
    let date = borderou.date;
    let paid = batches.iter().filter(|batch| batch.paid_on == date);
    let mut movements = vec![narrative::gls_transfer(date, borderou.total(), reference())];
    movements.extend(paid.map(|batch| {
        let numbers = (batch.id, batch.report);
        narrative::netopia_transfer(date, batch.net(), numbers, reference())
    }));
    movements
}

/// Returns the entries of the n-th day that no borderou or batch states.
fn trade(
    n: usize,
    shop: &Shop,
    borderou: &Borderou,
    random: &mut Random,
    reference: &mut impl FnMut(&mut Random) -> String,
) -> Vec<Movement> {
    let date = borderou.date;
    let mut movements = Vec::new();
    for _ in 0..2 + random.below(2) {
        let reference = reference(random);
        let payment = narrative::supplier_payment(date, shop, random, reference);
        movements.extend(payment.into_iter().flatten());
    }
    if random.below(2) == 0 {
        let (takings, reference) = (random.lei(100, 1500), reference(random));
        let settlement = narrative::card_settlement(date, takings, shop.terminal, reference);
        movements.extend(settlement);
    }
    if random.below(3) == 0 {
        let reference = reference(random);
        movements.extend(narrative::client_transfer(date, shop, random, reference));
    }
    if n % 11 == 5 {
        let (sales, reference) = (random.lei(2000, 9000), reference(random));
        movements.push(narrative::emag_transfer(date, sales, reference));
    }
    movements.extend(vec![narrative::parking(date); tickets(n)]);
    movements
}

/// Parking tickets of a day: twins on some days, triplets on one.
fn tickets(n: usize) -> usize {
    match n {
        8 => 3,
        n if n % 6 == 2 => 2,
        n if n % 6 == 5 => 1,
        _ => 0,
    }
}
