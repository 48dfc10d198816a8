//! Held lines → a csv as Netopia writes it, with the reasons in a last column, to be put right and
//! imported.

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::record::export::{HeldImport, column};

/// The columns of Netopia's csv.
const HEADERS: [&str; 25] = [
    "#",
    "Comerciant",
    "Id",
    "Data platii",
    "Data operatiei",
    "Procesat",
    "Creditat",
    "Comision",
    "TVA",
    "Moneda",
    "Discount campanie",
    "Discount refund campanie",
    "Prenume",
    "Nume",
    "Email",
    "Telefon",
    "Descriere",
    "Metoda de plata",
    "ID Terminal",
    "Numar rate",
    "Banca",
    "RRN",
    "Bin card",
    "Cod tara",
    "Categorie card",
];

/// The column of the reasons.
const REASON: &str = "Motiv";

/// Writes the whole batch: its stored operations, each as one line, and the held lines as they are.
pub(super) fn text(import: &HeldImport) -> Option<Vec<u8>> {
    let mut csv = csv::Writer::from_writer(Vec::new());
    csv.write_record(HEADERS.iter().chain(&[REASON])).ok()?;
    for (head, operation) in &import.settlements {
        csv.write_record(stored(head, operation)).ok()?;
    }
    for held in &import.held {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(held.raw.as_bytes());
        for record in reader.records() {
            let mut record = record.ok()?;
            while record.len() < HEADERS.len() {
                record.push_field("");
            }
            record.push_field(&format!("{}: {}", held.line, held.reason));
            csv.write_record(&record).ok()?;
        }
    }
    csv.into_inner().ok()
}

fn stored(head: &Map<String, Value>, operation: &Map<String, Value>) -> Vec<String> {
    let text = |name: &str| column(operation, name);
    let cost = |name: &str| {
        text(name).parse().map_or_else(|_| text(name), |it: Decimal| (-it).to_string())
    };
    let (kind, order) = (text("kind"), text("order_id"));
    let is_order = !order.is_empty() && order.bytes().all(|b| b.is_ascii_digit());
    let only = |wanted: &str| if kind == wanted { text("amount") } else { "0".to_owned() };
    let value = |header: &str| match header {
        "#" => text("batch_id"),
        "Comerciant" if kind == "payout_fee" => format!("BankTransfer:{}", text("netopia_id")),
        "Comerciant" => text("merchant"),
        "Id" if kind != "payout_fee" => text("netopia_id"),
        "Data platii" => format!("{} 00:00:00", column(head, "paid_on")),
        "Data operatiei" => text("transaction_date").replacen('T', " ", 1),
        "Procesat" => only("payment"),
        "Creditat" => only("refund"),
        "Comision" => cost("fee"),
        "TVA" => cost("vat"),
        "Moneda" => text("currency"),
        "Nume" => text("payer_name"),
        "Descriere" if is_order => format!("Comanda nr. {order}"),
        "Descriere" => order.clone(),
        "ID Terminal" => text("terminal_id"),
        "RRN" => text("rrn"),
        _ => String::new(),
    };
    HEADERS.iter().map(|header| value(header)).chain([String::new()]).collect()
}
