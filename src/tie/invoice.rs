//! Customers' payments and the invoices and orders that their texts name.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::{INVOICE, Rule, SettlementId, Tie};

/// Words behind which customers write the number of an invoice or a proforma.
const LABELS: [&str; 11] = [
    "FACT", "FACTURA", "FACTURI", "FCT", "FAC", "FF", "INVOICE", "PROF", "PROFORMA", "PROFORME",
    "FACTURII",
];

/// Words between such a word and the number.
const FILLERS: [&str; 8] = ["SERIA", "SERIE", "NR", "NUMAR", "NO", "FISCALA", "PROFORMA", "DIN"];

/// Letters that a series has at most; a longer word is none.
const SERIES_LETTERS_MAX: usize = 6;

/// Letters before a number that is that of a company, an account or a terminal, not of an invoice.
const OTHER_NUMBERS: [&str; 7] = ["RO", "CF", "CUI", "CIF", "TID", "OP", "REF"];

/// Digits that a number has at least where nothing but its series tells what it is.
const DIGITS_MIN: usize = 3;

/// Digits that it has at most; a longer one is that of an account or of an operation.
const DIGITS_MAX: usize = 7;

/// A payment of a customer and a bill of the same amount.
#[derive(Debug, Clone)]
pub struct Match {
    /// The key of the payment's row.
    pub credit: String,
    /// The payment's day.
    pub day: NaiveDate,
    /// The payment's text.
    pub text: String,
    /// The invoice, or the order.
    pub bill: SettlementId,
    /// The stored invoice of an order: who pays one pays the other.
    pub invoice: Option<String>,
    /// The invoice's series, or that of a proforma of the order, where it has one.
    pub series: Option<String>,
    /// The number beside it.
    pub number: String,
    /// The amount of both.
    pub amount: Decimal,
}

impl Match {
    /// Returns what is owed, whichever of an order and its invoice is named.
    pub fn debt(&self) -> SettlementId {
        match &self.invoice {
            Some(key) => SettlementId { kind: INVOICE.to_owned(), key: key.clone() },
            None => self.bill.clone(),
        }
    }
}

/// Returns the ties of payments to the bills that they name: each payment that names exactly one debt of
/// its amount, each debt by its oldest payment. Of an order and its invoice, both named, the invoice
/// is tied.
pub fn tie_bills(matches: &[Match]) -> Vec<Tie> {
    let mut named: BTreeMap<(NaiveDate, &str), Vec<(&Match, Naming)>> = BTreeMap::new();
    let mut words: HashMap<&str, Vec<String>> = HashMap::new();
    for it in matches {
        let words = words.entry(&it.credit).or_insert_with(|| words_of(&it.text));
        if let Some(naming) = naming(words, it.series.as_deref(), &it.number) {
            named.entry((it.day, &it.credit)).or_default().push((it, naming));
        }
    }
    let mut paid = HashSet::new();
    let mut ties = Vec::new();
    for candidates in named.into_values() {
        let surest = candidates.iter().map(|(_, naming)| *naming).max();
        let surest = candidates.iter().filter(|(_, naming)| Some(*naming) == surest);
        // `invoice` comes before `order`; what the order of the candidates is does not matter.
        let Some((only, _)) = surest.clone().min_by_key(|(it, _)| &it.bill) else { continue };
        let debt = only.debt();
        if surest.clone().any(|(it, _)| it.debt() != debt) {
            continue;
        }
        if paid.insert(debt) {
            ties.push(Tie {
                settlement: only.bill.clone(),
                credit: only.credit.clone(),
                amount: only.amount,
                rule: Rule::Named,
            });
        }
    }
    ties
}

/// How a text names a bill, the surer one last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Naming {
    Number,
    SeriesAndNumber,
}

/// Returns how the words name the bill, where they do.
fn naming(words: &[String], series: Option<&str>, number: &str) -> Option<Naming> {
    let number = bare(number.trim());
    let series = series.map(|it| it.trim().to_uppercase()).filter(|it| !it.is_empty());
    if number.is_empty() {
        return None;
    }
    let as_one = |word: &str| {
        let rest = series.as_deref().and_then(|series| word.strip_prefix(series));
        rest.is_some_and(|rest| bare(rest) == number)
    };
    if words.iter().any(|word| as_one(word)) {
        return Some(Naming::SeriesAndNumber);
    }
    let has_number = words.iter().any(|word| bare(word) == number);
    let has_series = series.is_some_and(|series| words.contains(&series));
    match (has_number, has_series) {
        (true, true) => Some(Naming::SeriesAndNumber),
        (true, false) => Some(Naming::Number),
        (false, _) => None,
    }
}

/// Returns a number without the zeros in front of it.
fn bare(number: &str) -> &str {
    number.trim_start_matches('0')
}

fn words_of(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_uppercase).collect()
}

/// Returns the invoice or proforma that a text names, as series and number: `FNT 24172`, `24172`.
pub fn document_named(text: &str) -> Option<String> {
    let words = words_of(text);
    let is_number = |word: &str| word.len() > 1 && word.bytes().all(|b| b.is_ascii_digit());
    let is_series =
        |word: &str| word.len() <= SERIES_LETTERS_MAX && word.chars().all(char::is_alphabetic);
    let is_both = |word: &str| {
        let digits = word.trim_start_matches(char::is_alphabetic);
        is_number(digits) && is_series(word.strip_suffix(digits).unwrap_or_default())
    };
    let labels = words.iter().enumerate().filter(|(_, word)| LABELS.contains(&word.as_str()));
    let labelled = labels.filter_map(|(at, _)| {
        let behind = words.iter().skip(at + 1).map(String::as_str);
        let mut behind = behind.filter(|word| !FILLERS.contains(word));
        match (behind.next()?, behind.next()) {
            (series, Some(number)) if is_series(series) && is_number(number) => {
                Some(format!("{series} {number}"))
            }
            (both, _) if is_both(both) => Some(both.to_owned()),
            _ => None,
        }
    });
    let is_plain = |word: &&String| {
        let digits = word.trim_start_matches(char::is_alphabetic);
        let series = word.strip_suffix(digits).unwrap_or_default();
        is_both(word)
            && !series.is_empty()
            && !OTHER_NUMBERS.contains(&series)
            && (DIGITS_MIN..=DIGITS_MAX).contains(&digits.len())
    };
    labelled.chain(words.iter().filter(is_plain).cloned()).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tie::ORDER;

    fn candidate(credit: &str, day: u32, text: &str, invoice: (&str, &str)) -> Match {
        Match {
            credit: credit.to_owned(),
            day: NaiveDate::from_ymd_opt(2026, 4, day).unwrap(),
            text: text.to_owned(),
            bill: SettlementId {
                kind: INVOICE.to_owned(),
                key: format!("{} {}", invoice.0, invoice.1),
            },
            invoice: None,
            series: Some(invoice.0.to_owned()),
            number: invoice.1.to_owned(),
            amount: Decimal::new(137_762, 2),
        }
    }

    fn tied(matches: &[Match]) -> Vec<(String, String)> {
        let ties = tie_bills(matches).into_iter();
        ties.map(|tie| (tie.credit, tie.settlement.key)).collect()
    }

    #[test]
    fn a_payment_is_tied_to_the_invoice_that_its_text_names() {
        for text in [
            "c/v fact. seria FNT nr 24172 1 CLIENT FICTIV SRL",
            "plata fnt24172",
            "FNT-024172",
            "factura 24172",
        ] {
            let found = tied(&[candidate("a", 15, text, ("FNT", "24172"))]);
            assert_eq!(found, [("a".to_owned(), "FNT 24172".to_owned())], "{text}");
        }
        for text in ["avans", "fact 241720", "REF 040ZEXA24172", "fact FNT 24173"] {
            assert!(tied(&[candidate("a", 15, text, ("FNT", "24172"))]).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_number_that_two_series_have_needs_its_series() {
        let both =
            |text| [candidate("a", 15, text, ("FNT", "7")), candidate("a", 15, text, ("TTP", "7"))];
        assert!(tied(&both("factura 7")).is_empty());
        assert_eq!(tied(&both("factura TTP 7")), [("a".to_owned(), "TTP 7".to_owned())]);
    }

    #[test]
    fn an_invoice_is_paid_once_by_its_oldest_payment() {
        let first = candidate("z", 14, "fact FNT 24172", ("FNT", "24172"));
        let second = candidate("a", 15, "fact FNT 24172", ("FNT", "24172"));
        let expected = [("z".to_owned(), "FNT 24172".to_owned())];
        assert_eq!(tied(&[second.clone(), first.clone()]), expected);
        assert_eq!(tied(&[first, second]), expected);
    }

    #[test]
    fn a_payment_that_names_a_proforma_is_tied_to_its_order_and_a_debt_is_paid_once() {
        let order = |credit: &str, day, text: &str, number: &str, invoice: Option<&str>| Match {
            bill: SettlementId { kind: ORDER.to_owned(), key: format!("gomag|{number}") },
            invoice: invoice.map(str::to_owned),
            ..candidate(credit, day, text, ("TTPF", number))
        };
        let proforma = order("a", 15, "PROFORMA 231544", "231544", None);
        let expected = [("a".to_owned(), "gomag|231544".to_owned())];
        assert_eq!(tied(std::slice::from_ref(&proforma)), expected);
        // Two states of the order say the same.
        assert_eq!(tied(&[proforma.clone(), proforma.clone()]), expected);
        let other = order("a", 15, "PROFORMA 231544", "0231544", None);
        assert!(tied(&[proforma, other]).is_empty(), "another order has the number too");

        // The order has an invoice by now: who names that pays the same debt, the older payment.
        let by_order = order("b", 16, "prof NR TTPF231545", "231545", Some("FNT 7"));
        let by_invoice = candidate("a", 17, "factura FNT 7", ("FNT", "7"));
        let all = [by_invoice.clone(), by_order.clone()];
        assert_eq!(tied(&all), [("b".to_owned(), "gomag|231545".to_owned())]);
        let both =
            Match { credit: "a".to_owned(), text: "FNT 7, TTPF231545".to_owned(), ..by_order };
        let named = Match { text: both.text.clone(), day: both.day, ..by_invoice };
        assert_eq!(tied(&[both, named]), [("a".to_owned(), "FNT 7".to_owned())]);
    }

    #[test]
    fn the_document_that_a_text_names_is_told() {
        for (text, expected) in [
            ("/ROC/c/v fact. seria FNT nr 24172 1 CLIENT FICTIV 2 SRL", Some("FNT 24172")),
            ("Plata factura EX-1234", Some("EX 1234")),
            ("PROFORMA 231544", Some("231544")),
            ("prof NR TTPF231745", Some("TTPF231745")),
            ("/ROC/FNT24171 1 CLIENT FICTIV 1 SRL RO20RZBR0000060014122069", Some("FNT24171")),
            ("C.I.F.:40000018 CF 1234 RO1234567 TID12345", None),
            ("avans 1 NECUNOSCUT FICTIV SRL RO33BRDE450SV00099999999", None),
            ("factura", None),
            ("", None),
        ] {
            assert_eq!(document_named(text).as_deref(), expected, "{text}");
        }
    }
}
