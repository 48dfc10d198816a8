//! Customers' payments and the invoices that their texts name.

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

/// A payment of a customer and an invoice of the same amount.
#[derive(Debug, Clone)]
pub struct Match {
    /// The key of the payment's row.
    pub credit: String,
    /// The payment's day.
    pub day: NaiveDate,
    /// The payment's text.
    pub text: String,
    /// The key of the invoice.
    pub invoice: String,
    /// The invoice's series, where it has one.
    pub series: Option<String>,
    /// The invoice's number.
    pub number: String,
    /// The amount of both.
    pub amount: Decimal,
}

/// Returns the ties of payments to the invoices that they name: each payment that names exactly one
/// invoice of its amount, each invoice by its oldest payment.
pub fn tie_invoices(matches: &[Match]) -> Vec<Tie> {
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
        let mut surest = candidates.iter().filter(|(_, naming)| Some(*naming) == surest);
        let (Some((only, _)), None) = (surest.next(), surest.next()) else { continue };
        if paid.insert(&only.invoice) {
            let key = only.invoice.clone();
            ties.push(Tie {
                settlement: SettlementId { kind: INVOICE.to_owned(), key },
                credit: only.credit.clone(),
                amount: only.amount,
                rule: Rule::Named,
            });
        }
    }
    ties
}

/// How a text names an invoice, the surer one last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Naming {
    Number,
    SeriesAndNumber,
}

/// Returns how the words name the invoice, where they do.
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

    fn candidate(credit: &str, day: u32, text: &str, invoice: (&str, &str)) -> Match {
        Match {
            credit: credit.to_owned(),
            day: NaiveDate::from_ymd_opt(2026, 4, day).unwrap(),
            text: text.to_owned(),
            invoice: format!("{} {}", invoice.0, invoice.1),
            series: Some(invoice.0.to_owned()),
            number: invoice.1.to_owned(),
            amount: Decimal::new(137_762, 2),
        }
    }

    fn tied(matches: &[Match]) -> Vec<(String, String)> {
        let ties = tie_invoices(matches).into_iter();
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
