//! Field 25: the statement's account.

use std::borrow::Cow;

use crate::record::Currency;

/// Returns the account without blanks, and the currency that some banks write after an IBAN.
///
/// Banks write a bare IBAN, `/IBAN`, `BIC/account`, `IBAN EUR`, `IBANEUR` or `//IBAN/EUR`. An
/// account that is no IBAN stays as the bank writes it.
pub(super) fn read(content: &str) -> (Cow<'_, str>, Option<Currency>) {
    let content = content.trim().trim_start_matches('/').trim_start();
    let (content, currency) = match split_currency(content) {
        Some((iban, currency)) => (iban, Some(currency)),
        None => (content, None),
    };
    let account = without_blanks(content);
    let bare = account.split_once('/').map(|(_, account)| account);
    match bare {
        Some(iban) if is_iban(iban) => (Cow::Owned(iban.to_owned()), currency),
        _ => (account, currency),
    }
}

/// Splits off a currency that follows an IBAN.
///
/// Alpha Bank's IBANs themselves end in `RON`, so a Romanian IBAN must have its 24 characters
/// without the currency. The lengths of other countries are not known here, so there a blank or a
/// slash must stand before the currency.
fn split_currency(content: &str) -> Option<(&str, Currency)> {
    let (before, code) = content.split_at_checked(content.len().checked_sub(3)?)?;
    let currency = Currency::new(code)?;
    let iban = before.trim_end().trim_end_matches('/').trim_end();
    let apart = iban.len() < before.len();
    let bare = without_blanks(iban);
    let bare = bare.split_once('/').map_or(&*bare, |(_, account)| account);
    (is_iban(bare) && (apart || is_romanian(bare))).then_some((iban, currency))
}

fn without_blanks(content: &str) -> Cow<'_, str> {
    if content.contains(char::is_whitespace) {
        Cow::Owned(content.split_whitespace().collect())
    } else {
        Cow::Borrowed(content)
    }
}

/// Returns whether the text has the form of an IBAN (ISO 13616). The check digits are not checked:
/// the bank knows its account.
fn is_iban(text: &str) -> bool {
    let (country, rest) = text.split_at_checked(2).unwrap_or_default();
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    country.bytes().all(|b| b.is_ascii_alphabetic())
        && digits >= 2
        && rest.bytes().all(|b| b.is_ascii_alphanumeric())
        && (15..=34).contains(&text.len())
        && (!is_romanian(text) || text.len() == 24)
}

fn is_romanian(iban: &str) -> bool {
    let country = iban.get(..2);
    country.is_some_and(|country| country.eq_ignore_ascii_case("RO"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_read_however_the_bank_writes_it() {
        let iban = "RO33INGB0000999900012345";
        let cases = [
            ("RO33INGB0000999900012345", iban, None),
            (" RO33 INGB 0000 9999 0001 2345 ", iban, None),
            ("/RO33INGB0000999900012345", iban, None),
            ("INGBROBU/RO33INGB0000999900012345", iban, None),
            ("RO33INGB0000999900012345EUR", iban, Some("EUR")),
            ("RO33INGB0000999900012345 EUR", iban, Some("EUR")),
            ("RO33 INGB 0000 9999 0001 2345 EUR", iban, Some("EUR")),
            ("INGBROBU/0000012345", "INGBROBU/0000012345", None),
            ("RO87BUCU1052235283028RON", "RO87BUCU1052235283028RON", None),
            ("RO87BUCU1052235283 028RON", "RO87BUCU1052235283028RON", None),
            ("RO87BUCU1052235283028 RON", "RO87BUCU1052235283028RON", None),
            ("//AT123456789012345678/EUR", "AT123456789012345678", Some("EUR")),
            ("AT123456789012345678EUR", "AT123456789012345678EUR", None),
            ("51210600/9223382012EUR", "51210600/9223382012EUR", None),
            ("1291.99.348EUR", "1291.99.348EUR", None),
            ("ă/€", "ă/€", None),
            ("EUR", "EUR", None),
        ];
        for (content, account, currency) in cases {
            let currency = currency.and_then(Currency::new);
            assert_eq!(read(content), (account.into(), currency), "{content}");
        }
    }
}
