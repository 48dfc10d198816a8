//! The card payments of a month, and what Netopia pays out for them.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use rust_decimal::Decimal;

use super::parcels::{NUMBERS_A_MONTH, order};
use crate::lab::batch::{Batch, FeeReturn, Payment, Refund};
use crate::lab::month::{BATCHES, Calendar};
use crate::lab::random::Random;
use crate::lab::shop::{Person, Shop};

/// Numbers from one batch to the next: other shops' batches lie between.
const BATCH_STEP: u64 = 837;

/// Which batch of a month, counted from 0, gives a fee back: about one batch of eight really does.
const FEE_RETURN_IN: u64 = 3;

/// Invents the batches, spread over the month.
pub(super) fn batches(shop: &Shop, calendar: &Calendar, random: &mut Random) -> Vec<Batch> {
    let mut batches: Vec<Batch> = Vec::new();
    // Netopia counts a shop's payments, also those that failed.
    let mut payment_number = 1_000 + calendar.number * 100;
    for n in 0..BATCHES {
        let Some(paid_on) = payout_day(&calendar.working_days, n) else {
            continue;
        };
        let payments = payments(paid_on, &mut payment_number, random);
        let earlier = batches.last().map(|batch| batch.payments.as_slice());
        let serial = (calendar.number * BATCHES + n) * BATCH_STEP;
        batches.push(Batch {
            id: 52_000_000 + serial,
            report: 2_200_000 + serial,
            paid_on,
            merchant: shop.merchant.clone(),
            terminal: shop.terminal,
            site: shop.site.clone(),
            payout_of: Some((52_000_000 + serial - BATCH_STEP, hours_before(paid_on, 111))),
            refunds: refunds(paid_on, n, &payments, earlier.unwrap_or_default()),
            fee_returns: fee_returns(paid_on, n, earlier.unwrap_or_default()),
            payments,
        });
    }
    batches
}

fn payout_day(working_days: &[NaiveDate], n: u64) -> Option<NaiveDate> {
    let index = (n + 1) * working_days.len() as u64 / BATCHES - 1;
    working_days.get(usize::try_from(index).ok()?).copied()
}

/// Five to eight payments, from three to two days before they are paid out.
fn payments(paid_on: NaiveDate, number: &mut u64, random: &mut Random) -> Vec<Payment> {
    let count = 5 + random.below(4);
    let payment = |n: u64| {
        *number += 1 + random.below(2);
        let minutes = n * 300 + random.below(60);
        let since = TimeDelta::seconds((minutes * 60 + random.below(60)).cast_signed());
        // The first order is large, so that no refund makes the batch a debt.
        let gross = if n == 0 { random.lei(900, 1300) } else { random.lei(50, 600) };
        Payment {
            id: *number,
            at: hours_before(paid_on, 86) + since,
            gross,
            payer: Person::invent(random),
            // Parcels count from the start of the month's numbers, payments from the middle.
            order: order((*number - 1_000) / 100 * NUMBERS_A_MONTH + 500 + *number % 100),
        }
    };
    (0..count).map(payment).collect()
}

/// Each batch but the first gives back a payment of the one before; every other one also gives back
/// a part of one of its own.
fn refunds(paid_on: NaiveDate, n: u64, own: &[Payment], earlier: &[Payment]) -> Vec<Refund> {
    let cheapest = |payments: &[Payment]| payments.iter().min_by_key(|p| p.gross).cloned();
    let whole = cheapest(earlier).map(|payment| Refund {
        amount: payment.gross,
        payment,
        at: hours_before(paid_on, 35),
        fee_returned: true,
    });
    let part = own.last().filter(|_| n.is_multiple_of(2)).map(|payment| Refund {
        amount: (payment.gross / Decimal::TWO).round_dp(2),
        payment: payment.clone(),
        at: hours_before(paid_on, 34),
        fee_returned: false,
    });
    part.into_iter().chain(whole).collect()
}

/// Once a month the fee of a payment of the batch before comes back alone.
fn fee_returns(paid_on: NaiveDate, n: u64, earlier: &[Payment]) -> Vec<FeeReturn> {
    let payment = earlier.first().filter(|_| n == FEE_RETURN_IN).cloned();
    payment
        .map(|payment| FeeReturn { payment, at: hours_before(paid_on, 33) })
        .into_iter()
        .collect()
}

/// Returns the moment that many hours before the evening of the day.
fn hours_before(day: NaiveDate, hours: i64) -> NaiveDateTime {
    let evening = NaiveTime::from_hms_opt(23, 12, 37).unwrap_or_default();
    day.and_time(evening) - TimeDelta::hours(hours)
}
