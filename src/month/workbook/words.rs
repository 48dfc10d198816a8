//! The words of the workbook.

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use crate::month::{
    CUSTOMERS, InvoiceLine, KnownTie, MonthOfYear, NoInvoice, PaidLine, State, Stated, sender_word,
};
use crate::tie::{EMAG, NETOPIA};
use crate::value::month::in_romanian;

/// Returns a month: `aprilie 2026`.
pub(super) fn month_name(month: MonthOfYear) -> String {
    let first = month.first();
    format!("{} {}", in_romanian(first), first.year())
}

/// Returns a day: `02.04.2026`.
pub(super) fn day(day: NaiveDate) -> String {
    day.format("%d.%m.%Y").to_string()
}

/// Returns an amount without its sign: `1.234,50`.
pub(super) fn amount(amount: Decimal) -> String {
    let digits = format!("{:.2}", amount.abs());
    let (whole, bani) = digits.split_once('.').unwrap_or((&digits, "00"));
    let mut grouped = String::new();
    for (at, digit) in whole.char_indices() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    format!("{grouped},{bani}")
}

/// Returns how a settlement stands.
pub(super) fn state(state: State) -> &'static str {
    match state {
        State::Paid => "plătit",
        State::Open => "deschis",
        State::Late => "întârziat",
        State::Differs => "diferă",
    }
}

/// Returns what keeps a settlement from being paid.
pub(super) fn not_paid(state: State) -> &'static str {
    match state {
        State::Paid => "",
        State::Open => "nu a venit încă niciun OP",
        State::Late => "nu a venit niciun OP în 10 zile",
        State::Differs => "OP-urile au altă sumă decât decontul",
    }
}

/// Returns why a line has no invoice, or that the invoice has another amount; nothing where all is well.
pub(super) fn line_error(line: &PaidLine) -> Option<String> {
    match line.reason {
        Some(NoInvoice::NoOrder) => Some(format!("fără număr de comandă (rândul {})", line.name)),
        Some(NoInvoice::OrderNotHere) => Some("comanda nu este în fișierele importate".to_owned()),
        Some(NoInvoice::OrderWithoutInvoice) => Some("comanda nu are factură".to_owned()),
        None => differs(line).map(|by| {
            let than = if by > Decimal::ZERO { "mai mult" } else { "mai puțin" };
            format!("{than} decât factura")
        }),
    }
}

/// Returns by how much a line's amount is another than its invoice's; `None` where it is not.
pub(super) fn differs(line: &PaidLine) -> Option<Decimal> {
    line.difference.filter(|by| !by.is_zero())
}

/// Returns what the office calls the sender of a credit.
pub(super) fn payer(sender: &str) -> &str {
    match sender {
        CUSTOMERS | "" => "client",
        known => sender_word(known),
    }
}

/// Returns what is odd about an invoice that money came for: it does not stand, or is paid twice.
pub(super) fn odd_invoice(invoice: &InvoiceLine) -> String {
    match (invoice.state.as_deref(), &invoice.storno) {
        (None, _) => "factura este plătită de mai multe ori".to_owned(),
        (Some("cancelled"), _) => "factura este anulată".to_owned(),
        (Some("Storno"), _) => "factura este un storno".to_owned(),
        (_, Some(storno)) => format!("factura este stornată de {storno}"),
        (_, None) => "factura este stornată".to_owned(),
    }
}

/// Returns what the office calls a settlement's document.
pub(super) fn document(stated: &Stated) -> String {
    let id = &stated.settlement.id;
    match (id.kind.as_str(), &stated.document) {
        (EMAG, _) => format!("plata eMag din {}", day(stated.settlement.dated)),
        (_, Some(document)) => document.clone(),
        (NETOPIA, None) => format!("lotul {}", id.key),
        (kind, None) => format!("{} {}", sender_word(kind), day(stated.settlement.dated)),
    }
}

/// Returns what a customer paid: an invoice by its series and number, an order by what it is known by.
pub(super) fn direct(tie: &KnownTie) -> String {
    tie.document.as_ref().unwrap_or(&tie.settlement.key).clone()
}

/// Returns what the sender of a credit should have sent with it.
pub(super) fn wanted_document(sender: &str, named: Option<&str>) -> String {
    match (sender, named) {
        (NETOPIA, Some(batch)) => format!("lotul {batch}"),
        (NETOPIA, None) => "un lot".to_owned(),
        (EMAG, _) => "documentele unei plăți eMag".to_owned(),
        _ => "un borderou".to_owned(),
    }
}

/// Returns what the rest of a settlement is that its lines do not add up to, and what is wrong with it.
pub(super) fn rest_of_lines(kind: &str) -> (&'static str, Option<&'static str>) {
    match kind {
        NETOPIA | EMAG => ("Comisioane", None),
        _ => ("Rest", Some("totalul decontului nu este suma rândurilor")),
    }
}

/// Returns how a credit is told: `OP 043ZEXA261204410 din 30.04.2026`.
pub(super) fn credit(reference: Option<&str>, on: Option<NaiveDate>) -> String {
    let reference = reference.map(|it| format!("OP {it}")).unwrap_or_else(|| "un OP".to_owned());
    match on {
        Some(on) => format!("{reference} din {}", day(on)),
        None => reference,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_and_months_are_written_as_the_office_writes_them() {
        for (digits, expected) in [
            ("0", "0,00"),
            ("-5.5", "5,50"),
            ("999.99", "999,99"),
            ("1234.5", "1.234,50"),
            ("-1234567.89", "1.234.567,89"),
        ] {
            assert_eq!(amount(digits.parse().unwrap()), expected);
        }
        assert_eq!(month_name("2026-04".parse().unwrap()), "aprilie 2026");
        assert_eq!(month_name("2026-12".parse().unwrap()), "decembrie 2026");
    }
}
