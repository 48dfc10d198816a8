//! The header line.

use csv::StringRecord;

use crate::fault::Refusal;
use crate::value::normalize;

/// Columns by which a batch is recognised: no other kind of file has all of them.
const MARKS: [&str; 4] = ["Comerciant", "Procesat", "Creditat", "Comision"];

/// Beginnings of the headers of columns that are never kept: e-mail, telephone, the card's first
/// digits.
const PERSONAL: [&str; 5] = ["email", "e-mail", "telefon", "phone", "bin"];

/// Where each column is, counted from 0.
#[derive(Debug)]
pub(super) struct Columns {
    /// How many columns there are.
    pub count: usize,
    /// `#`.
    pub batch_id: usize,
    /// `Comerciant`.
    pub merchant: usize,
    /// `Id`.
    pub id: usize,
    /// `Data platii`.
    pub paid_on: usize,
    /// `Data operatiei`.
    pub at: usize,
    /// `Procesat`.
    pub processed: usize,
    /// `Creditat`.
    pub credited: usize,
    /// `Comision`.
    pub fee: usize,
    /// `TVA`.
    pub vat: usize,
    /// `Moneda`.
    pub currency: usize,
    /// `Discount campanie`.
    pub discount: Option<usize>,
    /// `Discount refund campanie`.
    pub refund_discount: Option<usize>,
    /// `Prenume`.
    pub first_name: Option<usize>,
    /// `Nume`.
    pub last_name: Option<usize>,
    /// `Descriere`.
    pub description: Option<usize>,
    /// `ID Terminal`.
    pub terminal_id: Option<usize>,
    /// `RRN`.
    pub rrn: Option<usize>,
    /// The columns that are never kept.
    pub personal: Vec<usize>,
}

/// Returns whether the record is the header line of a batch.
pub(super) fn is_header(record: &StringRecord) -> bool {
    MARKS.iter().all(|mark| find(record, mark).is_some())
}

impl Columns {
    /// Finds the columns.
    pub(super) fn of(header: &StringRecord) -> Result<Self, Refusal> {
        let column = |name: &str| {
            find(header, name).ok_or_else(|| Refusal::Unreadable {
                line: None,
                reason: format!("no column {name} in the header line"),
            })
        };
        let is_personal = |name: &str| {
            let name = normalize::plain(name);
            PERSONAL.iter().any(|start| name.starts_with(start))
        };
        let names = header.iter().enumerate();
        Ok(Self {
            count: header.len(),
            batch_id: column("#")?,
            merchant: column("Comerciant")?,
            id: column("Id")?,
            paid_on: column("Data platii")?,
            at: column("Data operatiei")?,
            processed: column("Procesat")?,
            credited: column("Creditat")?,
            fee: column("Comision")?,
            vat: column("TVA")?,
            currency: column("Moneda")?,
            discount: find(header, "Discount campanie"),
            refund_discount: find(header, "Discount refund campanie"),
            first_name: find(header, "Prenume"),
            last_name: find(header, "Nume"),
            description: find(header, "Descriere"),
            terminal_id: find(header, "ID Terminal"),
            rrn: find(header, "RRN"),
            personal: names.filter(|(_, name)| is_personal(name)).map(|(i, _)| i).collect(),
        })
    }
}

fn find(header: &StringRecord, name: &str) -> Option<usize> {
    let name = normalize::plain(name);
    header.iter().position(|found| normalize::plain(found) == name)
}
