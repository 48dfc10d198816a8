//! Kinds that are known by how their text begins.

use super::{Help, Kind};
use crate::source;

/// Texts within an XML file that tell its kind.
const XML: [(&str, Kind); 7] = [
    ("<?OFX", OFX),
    ("<OFX>", OFX),
    ("ubl:schema:xsd:Invoice-2", E_INVOICE),
    ("ubl:schema:xsd:CreditNote-2", E_INVOICE),
    ("mfp:anaf:dgti:efactura", Kind::new("a signature or a message of e-Factura", Help::LeaveOut)),
    ("mfp:anaf:dgti:d406", Kind::new("a D406 declaration (SAF-T)", Help::LeaveOut)),
    ("iso:20022:tech:xsd:pain.001", Kind::new("an order of payments (pain.001)", Help::LeaveOut)),
];

const OFX: Kind = Kind::new("an OFX statement", Help::OtherForm);
const QIF: Kind = Kind::new("a QIF statement", Help::OtherForm);
const E_INVOICE: Kind = Kind::new("an invoice of e-Factura", Help::LeaveOut);
const MT103: Kind = Kind::new(
    "an MT103, the message of one payment",
    Help::Do("leave it out: the statement has the payment too"),
);

/// The numbers of SWIFT messages that are no statements.
const MESSAGES: [(&str, Kind); 4] = [
    ("101", Kind::new("an MT101, an order of payments", Help::LeaveOut)),
    ("103", MT103),
    ("900", Kind::new("an MT900, the notice of one debit", MT103.help)),
    ("910", Kind::new("an MT910, the notice of one credit", MT103.help)),
];

/// Returns the kind that the beginning of the text proves.
pub(super) fn kind(head: &str) -> Option<Kind> {
    let head = visible(head);
    if head.starts_with("OFXHEADER:") {
        return Some(OFX);
    }
    if head.starts_with("!Type:") || head.starts_with("!Account") {
        return Some(QIF);
    }
    if head.starts_with('<') {
        return XML.iter().find(|(mark, _)| head.contains(mark)).map(|(_, kind)| *kind);
    }
    message(head)
}

/// Returns what the text looks like, where no more is known.
pub(super) fn outside(head: &str, bytes: &[u8]) -> Option<Kind> {
    let head = visible(head);
    let start = head.get(..16).unwrap_or(head).to_ascii_lowercase();
    if start.starts_with("<!doctype") || start.starts_with("<html") {
        return Some(Kind::outside("a web page", Help::Export));
    }
    if start.starts_with("<?xml") {
        return Some(Kind::outside("an XML file", Help::Export));
    }
    let alone = Help::Do("take it out of the zip, and import it by itself");
    source::is_mail(bytes).then_some(Kind::outside("a mail in a zip", alone))
}

/// Returns the text without what is invisible before it.
fn visible(head: &str) -> &str {
    head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{1}')
}

/// Returns the kind of a SWIFT message: by its number, or of a payment without an envelope by the
/// fields that every MT103 has.
fn message(head: &str) -> Option<Kind> {
    if head.starts_with("{1:") {
        let is =
            |number: &str| ["{2:I", "{2:O"].iter().any(|it| head.contains(&[it, number].concat()));
        return MESSAGES.iter().find(|(number, _)| is(number)).map(|(_, kind)| *kind);
    }
    let has = |tag: &str| head.lines().any(|line| line.trim_start().starts_with(tag));
    let is_payment = has(":23B:") && has(":32A:") && has(":59") && has(":50");
    is_payment.then_some(MT103)
}
