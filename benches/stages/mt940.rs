//! Statements → records, and an entry's text → who paid whom.

use std::hint::black_box;

use ::mt940::parse_mt940;
use criterion::{BenchmarkId, Criterion, Throughput};
use vama::inside::source::Source;
use vama::record::{Document, Statement};

use crate::{format, inputs, size, source};

pub(crate) fn benches(criterion: &mut Criterion) {
    read(criterion);
    beside_the_crate(criterion);
    narrative(criterion);
}

pub(crate) fn statements(source: &Source) -> Vec<Statement<'_>> {
    match format("mt940").read(source).unwrap() {
        Document::Statements(statements) => statements,
        other => panic!("{other:?}"),
    }
}

fn read(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read");
    let entries = size(20_000);
    let inputs = [
        ("banca transilvania", inputs::statement(entries, 700)),
        ("statements of one entry", inputs::statement(entries, 1)),
        ("generic", inputs::bank(inputs::GENERIC, entries)),
    ];
    for (name, bytes) in inputs {
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        let source = source("statement.sta", bytes);
        group.bench_function(name, |b| b.iter(|| format("mt940").read(&source).unwrap()));
    }
    group.finish();
}

/// Measures our reader and the crate on one text that both read. The text is short, since the crate
/// is some hundred times slower.
fn beside_the_crate(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("read plain text");
    let bytes = inputs::bank(inputs::PLAIN, size(2_000));
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    let source = source("statement.sta", bytes);
    let theirs = || parse_mt940(source.text().unwrap()).unwrap();
    let count = theirs().iter().map(|message| message.statement_lines.len()).sum::<usize>();
    assert_eq!(count, statements(&source).iter().map(|it| it.entries.len()).sum::<usize>());
    group.bench_function("vama", |b| b.iter(|| format("mt940").read(&source).unwrap()));
    group.bench_function("mt940", |b| b.iter(theirs));
    group.finish();
}

fn narrative(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("narrative");
    let entries = size(5_000);
    let transilvania = source("statement.sta", inputs::statement(entries, 700));
    let others = inputs::BANKS.map(|bank| source("statement.sta", inputs::bank(bank, entries)));
    for source in [transilvania].iter().chain(&others) {
        let statements = statements(source);
        let bank = statements.first().map(|statement| statement.dialect.name()).unwrap();
        group.throughput(Throughput::Elements(entries));
        group.bench_with_input(BenchmarkId::from_parameter(bank), &statements, |b, statements| {
            b.iter(|| {
                for statement in statements {
                    for entry in &statement.entries {
                        black_box(statement.dialect.narrative(entry, &statement.account));
                    }
                }
            });
        });
    }
    group.finish();
}
