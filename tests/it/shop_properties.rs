//! Whatever the order of exports, and whatever was undone: orders and invoices are what is left says.

use proptest::prelude::*;
use vama::inside::road::report::{FileReport, Status};

use crate::properties::on_database;
use crate::world::{Company, told};

/// How far each of three orders or invoices is in an export; none where the export lacks it.
type Export = (u32, [Option<u8>; 3]);

/// What is done: a file is imported, or its import taken out.
#[derive(Debug, Clone, Copy)]
enum Step {
    Import(usize),
    TakeOut(usize),
}

const FILES: usize = 4;

fn exports() -> impl Strategy<Value = Vec<Export>> {
    let state = prop::option::of(0_u8..5);
    // Few days, so that several exports state the same moment.
    prop::collection::vec((8_u32..11, [state.clone(), state.clone(), state]), FILES)
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..FILES, 0_u8..4).prop_map(|(file, what)| match what {
        0 => Step::TakeOut(file),
        _ => Step::Import(file),
    });
    prop::collection::vec(step, 1..9)
}

fn order_lines(states: [Option<u8>; 3]) -> Vec<String> {
    let line = |(number, state): (usize, Option<u8>)| {
        let (client, rest) = match state? {
            0 => ("", "Noua"),
            1 => ("ANA", "Noua|7001"),
            2 => ("Ana", "Livrata|7001|FNT|1"),
            3 => ("Ana", "Anulata"),
            _ => ("", "Livrata||FNT|1"),
        };
        Some(format!("{number}|{number}.50|{client}|{rest}"))
    };
    states.into_iter().enumerate().filter_map(line).collect()
}

fn invoice_lines(states: [Option<u8>; 3]) -> Vec<String> {
    let line = |(number, state): (usize, Option<u8>)| {
        let rest = match state? {
            0 => "|Normala",
            1 => "ANA|Normala|yes",
            2 => "Ana|Anulata",
            3 => "Ana|Stornata",
            _ => "|Normala|yes",
        };
        Some(format!("FNT|{}|{number}.50|{rest}", number + 1))
    };
    states.into_iter().enumerate().filter_map(line).collect()
}

/// Which table a property is about.
#[derive(Debug, Clone, Copy)]
enum Shop {
    Orders,
    Invoices,
}

impl Shop {
    async fn import(self, company: &mut Company, number: usize, export: &Export) -> FileReport {
        let (day, states) = *export;
        let mut lines = match self {
            Self::Orders => order_lines(states),
            Self::Invoices => invoice_lines(states),
        };
        // No two files have the same bytes.
        lines.push(match self {
            Self::Orders => format!("file {number}|1|-"),
            Self::Invoices => format!("FILE|{}|1|-", number + 1),
        });
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let report = match self {
            Self::Orders => company.orders(day, &lines).await,
            Self::Invoices => company.invoices(day, &lines).await,
        };
        let sum = report.inserted + report.duplicates + report.held;
        assert_eq!((report.read, report.held), (sum, 0), "{}", told(&report));
        report
    }

    async fn rows(self, company: &mut Company) -> Vec<String> {
        match self {
            Self::Orders => company.stored_orders().await,
            Self::Invoices => company.stored_invoices().await,
        }
    }

    /// Makes a company; one of its invoices the platform has stored.
    async fn company(self, name: &str) -> Company {
        let mut company = Company::new(name).await;
        if matches!(self, Self::Invoices) {
            company
                .execute(
                    "insert into invoices (oblio_id, series_name, invoice_number, invoice_type, \
                        updated_at) \
                     values ('p', 'fnt', 2, 'Normala', '2026-04-09 09:00Z')",
                )
                .await;
        }
        company
    }

    async fn holds(self, (exports, steps): (Vec<Export>, Vec<Step>)) {
        let mut company = self.company("any-order").await;
        let mut is_in: [Option<FileReport>; FILES] = Default::default();
        for step in &steps {
            match *step {
                Step::Import(file) => {
                    let report = self.import(&mut company, file, &exports[file]).await;
                    let known = report.status == Status::AlreadyImported;
                    assert_eq!(known, is_in[file].is_some(), "{}", told(&report));
                    is_in[file].get_or_insert(report);
                }
                Step::TakeOut(file) => {
                    if let Some(report) = is_in[file].take() {
                        company.take_out(&report).await;
                    }
                }
            }
        }
        let found = self.rows(&mut company).await;
        drop(company);
        let mut clean = self.company("clean").await;
        for (file, export) in exports.iter().enumerate().filter(|(file, _)| is_in[*file].is_some())
        {
            self.import(&mut clean, file, export).await;
        }
        assert_eq!(found, self.rows(&mut clean).await, "{exports:?} {steps:?}");
    }
}

#[test]
fn orders_are_what_the_exports_that_are_left_say() {
    on_database(10, (exports(), steps()), async |case| Shop::Orders.holds(case).await);
}

#[test]
fn invoices_are_what_the_reports_that_are_left_say() {
    on_database(10, (exports(), steps()), async |case| Shop::Invoices.holds(case).await);
}
