//! The header row of Oblio's report.

use crate::format::headers::Headers;
use crate::format::listed::{self, Row};
use crate::format::workbook::SheetRow;

/// Where each column is.
#[derive(Debug)]
pub(super) struct Columns {
    /// `Factura`: series and number.
    pub invoice: u32,
    /// `Data emiterii`.
    pub issued_on: u32,
    /// `Tip factura`.
    pub kind: u32,
    /// `Total valoare`.
    pub total: u32,
    /// `Nr. crt.`
    pub row_number: Option<u32>,
    /// `Data scadentei`.
    pub due_on: Option<u32>,
    /// `Moneda`.
    pub currency: Option<u32>,
    /// `Valoare fara TVA`.
    pub net: Option<u32>,
    /// `Total TVA`.
    pub total_vat: Option<u32>,
    /// `TVA 21%` and others: one for each rate, which make `Total TVA`.
    pub vat: Vec<u32>,
    /// `Total valoare RON`.
    pub total_in_lei: Option<u32>,
    /// `Incasat`.
    pub collected: Option<u32>,
    /// `Rest de incasat`.
    pub rest: Option<u32>,
    /// Columns that say in words whether an invoice was cancelled.
    pub remarks: Vec<u32>,
    /// `Anulata`.
    pub is_canceled: Option<u32>,
    /// Whom the invoice is for: name, CIF, address, town, county, country, telephone, e-mail.
    pub client: [Option<u32>; 8],
}

impl listed::Columns for Columns {
    fn of(row: &SheetRow) -> Option<Self> {
        let headers = Headers::of(row);
        Some(Self {
            invoice: headers.named("factura")?,
            issued_on: headers.any_of(&["data emiterii", "data emitere", "data facturii"])?,
            kind: headers.any_of(&["tip factura", "tip"])?,
            total: headers.any_of(&["total valoare", "valoare totala"])?,
            row_number: headers.any_of(&["nr. crt.", "nr. crt", "nr crt"]),
            due_on: headers.any_of(&["data scadentei", "data scadenta", "scadenta"]),
            currency: headers.any_of(&["moneda", "valuta"]),
            net: headers.any_of(&["valoare fara tva", "total fara tva"]),
            total_vat: headers.any_of(&["total tva", "valoare tva"]),
            vat: headers.all(|header| header == "tva" || header.starts_with("tva ")),
            total_in_lei: headers.any_of(&["total valoare ron", "total valoare lei"]),
            collected: headers.named("incasat"),
            rest: headers.any_of(&["rest de incasat", "rest incasat"]),
            remarks: headers.all(|it| ["nota", "mentiuni", "stare", "status"].contains(&it)),
            is_canceled: headers.any_of(&["anulata", "anulat"]),
            client: [
                headers.any_of(&["client", "nume client"]),
                headers.any_of(&["cod fiscal", "cif", "cui"]),
                headers.named("adresa"),
                headers.any_of(&["localitate", "oras"]),
                headers.any_of(&["judet", "judet client"]),
                headers.any_of(&["tara client", "tara"]),
                headers.named("telefon"),
                headers.any_of(&["email", "e-mail"]),
            ],
        })
    }

    fn number(&self) -> u32 {
        self.invoice
    }
}

impl Columns {
    /// Returns whether a row without an invoice is a note: it has no day, no amount and no running
    /// number.
    pub(super) fn is_note(&self, row: Row<'_>) -> bool {
        let known = [Some(self.issued_on), Some(self.total), self.row_number, self.net];
        let further = [self.total_vat, self.total_in_lei, self.collected, self.rest];
        known.into_iter().chain(further).all(|column| row.text(column).is_none())
    }
}
