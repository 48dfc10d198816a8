//! A year of a shop as one workbook: how long it takes to write.

use chrono::{Days, NaiveDate};
use criterion::{Criterion, Throughput};
use rust_decimal::Decimal;
use vama::inside::lab::random::Random;
use vama::inside::month::{
    Bank, BankEntry, Contents, Facts, InvoiceFacts, KnownTie, Month, MonthOfYear, PaidLine, State,
    Stated, workbook,
};
use vama::inside::tie::{Settlement, SettlementId};

use crate::size;

/// Lines of a settlement, and entries for each settlement.
const LINES: u64 = 10;
const ENTRIES: u64 = 5;

pub(crate) fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("month");
    let settlements = size(12_000).div_ceil(LINES);
    let (facts, bank) = year(settlements);
    let page = Month::of(facts.clone(), &[]);
    group.sample_size(10).throughput(Throughput::Elements(facts.lines.len() as u64));
    group.bench_function("workbook", |b| {
        b.iter(|| {
            let contents =
                Contents { company: "Firma SRL", page: &page, facts: &facts, bank: &bank };
            workbook(contents).unwrap()
        });
    });
    group.finish();
}

/// Invents settlements, each paid by a credit, among other entries.
fn year(settlements: u64) -> (Facts, Bank) {
    let day = NaiveDate::from_ymd_opt(2026, 4, 1).unwrap();
    let mut random = Random::of(&[1]);
    let mut facts = Facts {
        month: MonthOfYear::of(day),
        settlements: Vec::new(),
        credits: Vec::new(),
        apart: Vec::new(),
        payouts: Vec::new(),
        lines: Vec::new(),
        invoices: InvoiceFacts::default(),
        held: 0,
        waiting: 0,
    };
    let mut bank = Bank::default();
    for number in 0..settlements {
        let id = SettlementId { kind: "gls".to_owned(), key: format!("{number:032x}") };
        let day = day + Days::new(number % 30);
        let lines = (0..LINES).map(|at| PaidLine {
            settlement: id.clone(),
            name: format!("63{number:05}{at:03}"),
            order: Some(format!("31{number:05}{at:03}")),
            invoice: Some(format!("FNT {number:05}{at:03}")),
            amount: random.lei(30, 600),
            difference: Some(Decimal::ZERO),
            reason: None,
        });
        let lines: Vec<PaidLine> = lines.collect();
        let amount = lines.iter().map(|line| line.amount).sum();
        facts.lines.extend(lines);
        for at in 0..ENTRIES {
            bank.entries.push(entry(number * ENTRIES + at, day, amount));
        }
        let credit = bank.entries.last().unwrap();
        bank.ties.push(KnownTie {
            settlement: id.clone(),
            credit: credit.key.clone().unwrap(),
            amount,
            day: Some(day),
            reference: credit.reference.clone(),
            dated: Some(day),
            document: None,
        });
        facts.settlements.push(stated(id, day, amount, number));
    }
    (facts, bank)
}

fn stated(id: SettlementId, dated: NaiveDate, amount: Decimal, number: u64) -> Stated {
    Stated {
        settlement: Settlement { id, account: None, currency: "RON".to_owned(), dated, amount },
        document: Some(format!("553000101_RON_{number:08}.xlsx")),
        lines: Some(10),
        paid: Some(amount),
        paid_on: Some(dated),
        reference: Some(format!("{number:06}ZEXA2604")),
        state: State::Paid,
    }
}

fn entry(number: u64, day: NaiveDate, amount: Decimal) -> BankEntry {
    let text = format!(
        "Incasare OP - canal electronic C.I.F.:21611392 TRANSFER RAMBURS 1 GLS GENERAL LOGISTICS \
         SYSTEMS ROMAN RO49BTRL03301202G43380XX BTRLRO22 REF: {number:06}ZEXA2604"
    );
    BankEntry {
        key: Some(format!("{number:032x}")),
        account: Some("RO27BTRLRONCRT0144272509".to_owned()),
        day,
        booked: Some(day),
        amount,
        currency: "RON".to_owned(),
        counterparty: Some("GLS GENERAL LOGISTICS SYSTEMS ROMAN".to_owned()),
        text: Some(text),
        reference: Some(format!("{number:06}ZEXA2604")),
    }
}
