//! Workbooks and batches → records, beside the crates that open them.

use std::hint::black_box;
use std::io::Cursor;

use calamine::{Reader, Xlsx};
use criterion::{Criterion, Throughput};
use csv::{ReaderBuilder, StringRecord};

use crate::{format, inputs, size, source};

pub(crate) fn benches(criterion: &mut Criterion) {
    gls(criterion);
    netopia(criterion);
}

fn gls(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("gls");
    let parcels = size(2_000);
    let source = source("553000101_RON_02032026.xlsx", inputs::borderou(parcels));
    group.bench_function("recognise", |b| b.iter(|| format("gls").recognise(&source)));
    group.throughput(Throughput::Elements(parcels));
    group.bench_function("read", |b| b.iter(|| format("gls").read(&source).unwrap()));
    group.bench_function("calamine", |b| {
        b.iter(|| {
            let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(source.bytes())).unwrap();
            let cells = |(_, range): &(String, calamine::Range<_>)| range.used_cells().count();
            workbook.worksheets().iter().map(cells).sum::<usize>()
        });
    });
    group.finish();
}

fn netopia(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("netopia");
    let bytes = inputs::batch(size(2_000));
    let length = bytes.len() as u64;
    let source = source("batchId.52001836.2201836.csv", bytes);
    group.bench_function("recognise", |b| b.iter(|| format("netopia").recognise(&source)));
    group.throughput(Throughput::Bytes(length));
    group.bench_function("read", |b| b.iter(|| format("netopia").read(&source).unwrap()));
    group.bench_function("csv", |b| {
        b.iter(|| {
            let mut reader = ReaderBuilder::new().has_headers(false).from_reader(source.bytes());
            let mut record = StringRecord::new();
            while reader.read_record(&mut record).unwrap() {
                for cell in &record {
                    black_box(cell);
                }
            }
        });
    });
    group.finish();
}
