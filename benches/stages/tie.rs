//! Which credit pays which settlement, over years of a large shop.

use chrono::{Days, NaiveDate};
use criterion::{Criterion, Throughput};
use vama::inside::lab::random::Random;
use vama::inside::tie::{Credit, Settlement, SettlementId, decide};

use crate::size;

/// Credits for each settlement.
const CREDITS: u64 = 10;

pub(crate) fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("tie");
    let settlements = size(10_000);
    let (settlements, credits) = (all_settlements(settlements), all_credits(settlements));
    group.sample_size(10).throughput(Throughput::Elements(credits.len() as u64));
    group.bench_function("decide", |b| b.iter(|| decide(&settlements, &credits, &[])));
    group.finish();
}

/// Invents so many settlements, three a day.
fn all_settlements(count: u64) -> Vec<Settlement> {
    let mut random = Random::of(&[1]);
    let settlement = |n: u64| Settlement {
        id: SettlementId { kind: "gls".to_owned(), key: format!("{n:032x}") },
        account: Some("RO27BTRLRONCRT0144272509".to_owned()),
        currency: "RON".to_owned(),
        dated: day(n / 3),
        amount: random.lei(100, 5_000),
    };
    (0..count).map(settlement).collect()
}

/// Invents ten times as many credits: every tenth pays a settlement, half of these the next one too.
fn all_credits(settlements: u64) -> Vec<Credit> {
    let owed = all_settlements(settlements);
    let mut random = Random::of(&[2]);
    let credit = |n: u64| {
        let index = usize::try_from(n / CREDITS).unwrap();
        let paid: Vec<&Settlement> = owed.iter().skip(index).take(1 + index % 2).collect();
        let amount = match n % CREDITS {
            0 => paid.iter().map(|it| it.amount).sum(),
            _ => random.lei(100, 5_000),
        };
        Credit {
            key: format!("{n:032x}"),
            sender: "gls".to_owned(),
            account: Some("RO27BTRLRONCRT0144272509".to_owned()),
            currency: "RON".to_owned(),
            day: day(n / CREDITS / 3 + 1),
            amount,
            names: None,
            reference: None,
        }
    };
    (0..settlements * CREDITS).map(credit).collect()
}

fn day(number: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2016, 1, 1).unwrap() + Days::new(number)
}
