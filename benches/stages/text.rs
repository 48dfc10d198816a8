//! Texts, amounts and dates → what is hashed and stored.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use vama::inside::row::key::{Key, reference, transaction_key};
use vama::inside::value::normalize;

use crate::mt940::statements;
use crate::{inputs, size, source};

pub(crate) fn benches(criterion: &mut Criterion) {
    keys(criterion);
    texts(criterion);
}

fn keys(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("identity");
    let source = source("statement.sta", inputs::statement(size(5_000), 700));
    let statements = statements(&source);
    let mut keys = Vec::new();
    let every_key = |keep: &mut dyn FnMut(Key)| {
        for statement in &statements {
            for entry in &statement.entries {
                let (reference, _) = reference(entry, &statement.account);
                keep(transaction_key(entry.value_date, &reference, 1, entry.amount));
            }
        }
    };
    every_key(&mut |key| keys.push(key));
    group.throughput(Throughput::Elements(keys.len() as u64));
    group.bench_function("key", |b| {
        b.iter(|| {
            every_key(&mut |key| {
                black_box(key);
            });
        });
    });
    group.bench_function("text form", |b| {
        b.iter(|| {
            for key in &keys {
                black_box(key.hex());
            }
        });
    });
    group.finish();
}

fn texts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("text");
    let long = |part: &str| part.repeat(20);
    let inputs = [
        ("ascii", long("Incasare OP - canal electronic ")),
        ("line ends", long("Incasare OP - canal\r\n electronic ")),
        ("romanian", long("Plată către Ștefan și Țintă ")),
        ("cedilla", long("Plată către Ştefan şi Ţintă ")),
        ("combining", long("Plata\u{306} ca\u{306}tre Ion ")),
    ];
    for (name, text) in inputs {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |b| b.iter(|| normalize::text(black_box(&text)).len()));
    }
    group.finish();
}
