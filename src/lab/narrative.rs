//! How Banca Transilvania words its entries (exports of 2025 and 2026).

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::party::Party;
use super::random::Random;
use super::shop::Shop;
use super::statement::Movement;

/// Returns the 16 characters that the bank calls an operation by: unique to a day and a number.
pub(super) fn reference(day: NaiveDate, number: u64) -> String {
    let (high, low) = (number / 10_000, number % 10_000);
    let (year, ordinal) = (day.year() % 100, day.ordinal());
    format!("{high:03}ZEXA{year:02}{ordinal:03}{low:04}")
}

/// Money comes in by transfer.
fn incoming(
    day: NaiveDate,
    from: &Party,
    amount: Decimal,
    details: &str,
    reference: String,
) -> Movement {
    let Party { name, cif, iban, bic } = from;
    let text = format!(
        "Incasare OP - canal electronic C.I.F.:{cif} {details} 1 {name} {iban} {bic} REF: {reference}"
    );
    movement(day, amount, "NTRF", reference, text)
}

/// GLS hands over what it collected.
pub(super) fn gls_transfer(day: NaiveDate, amount: Decimal, reference: String) -> Movement {
    let details = "TRANSFER RAMBURS TRANSFER RAMBURS";
    incoming(day, &Party::gls(), amount, details, reference)
}

/// Netopia pays a batch out.
pub(super) fn netopia_transfer(
    day: NaiveDate,
    amount: Decimal,
    (batch, report): (u64, u64),
    reference: String,
) -> Movement {
    let details = format!("/ROC/BatchId {batch}//RFB/{report}");
    incoming(day, &Party::netopia(), amount, &details, reference)
}

/// A marketplace pays for what was sold there.
pub(super) fn emag_transfer(day: NaiveDate, amount: Decimal, reference: String) -> Movement {
    let details = format!("/ROC/Plata vanzari marketplace {}", day.format("%d.%m.%Y"));
    incoming(day, &Party::emag(), amount, &details, reference)
}

/// A client pays an invoice.
pub(super) fn client_transfer(
    day: NaiveDate,
    shop: &Shop,
    random: &mut Random,
    reference: String,
) -> Option<Movement> {
    let client = one_of(&shop.clients, random)?;
    let details = format!("Plata factura EX-{}", 1000 + random.below(9000));
    let amount = random.lei(50, 900);
    Some(incoming(day, client, amount, &details, reference))
}

/// A supplier is paid, and the bank takes its fee under the same reference.
pub(super) fn supplier_payment(
    day: NaiveDate,
    shop: &Shop,
    random: &mut Random,
    reference: String,
) -> Option<[Movement; 2]> {
    let Party { name, iban, bic, .. } = one_of(&shop.suppliers, random)?;
    let invoice = 1 + random.below(999);
    let amount = random.lei(20, 1500);
    let text = format!(
        "Plata OP inter - canal electronic /ROC/Cvf {invoice} 1 {name} {iban} {bic} REF: {reference}"
    );
    let fee = format!("Comision plata OP REF: {reference}");
    Some([
        movement(day, -amount, "NTRF", reference.clone(), text),
        movement(day, Decimal::new(-51, 2), "NCHG", reference, fee),
    ])
}

/// The takings of the card terminal come in, and the bank keeps its share under the same reference.
pub(super) fn card_settlement(
    day: NaiveDate,
    amount: Decimal,
    terminal: u64,
    reference: String,
) -> [Movement; 2] {
    let share = (amount * Decimal::new(9, 3)).round_dp(2);
    let text = format!("Data entry carduri POS Batch Settl TID {terminal} REF: {reference}");
    let fee = format!("Comision tranzactii comerciant TID {terminal} REF: {reference}");
    [
        movement(day, amount, "NMSC", reference.clone(), text),
        movement(day, -share, "NCHG", reference, fee),
    ]
}

/// The company's car is parked: always the same sum, and no reference at all.
pub(super) fn parking(day: NaiveDate) -> Movement {
    let text = "Plata la POS non-BT cu card VISA PARCARE EXEMPLU BRASOV RO";
    movement(day, Decimal::new(-1250, 2), "NMSC", String::new(), text.to_owned())
}

fn movement(
    day: NaiveDate,
    amount: Decimal,
    type_code: &'static str,
    bank_reference: String,
    text: String,
) -> Movement {
    Movement {
        value_date: day,
        booking_date: day,
        amount,
        type_code,
        customer_reference: "NONREF".to_owned(),
        bank_reference,
        text,
    }
}

fn one_of<'p>(parties: &'p [Party], random: &mut Random) -> Option<&'p Party> {
    let index = random.below(parties.len() as u64);
    parties.get(usize::try_from(index).ok()?)
}
