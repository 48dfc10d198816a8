//! IBAN and fiscal code in a text without structure.

use std::borrow::Cow;
use std::ops::Range;

/// Letters and digits of a Romanian IBAN.
const RO_IBAN_LEN: usize = 24;

/// Characters of any account at most (ISO 13616 allows an IBAN 34).
const ACCOUNT_LEN_MAX: usize = 34;

/// The lengths of the IBANs of countries that Romanian companies trade with (SWIFT registry).
const IBAN_LENGTHS: [(&[u8; 2], usize); 33] = [
    (b"AT", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"CH", 21),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DK", 18),
    (b"EE", 20),
    (b"ES", 24),
    (b"FI", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GR", 27),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IT", 27),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"MD", 24),
    (b"MT", 31),
    (b"NL", 18),
    (b"NO", 15),
    (b"PL", 28),
    (b"PT", 25),
    (b"RS", 22),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"TR", 26),
];

/// Labels of Romanian banks before a fiscal code. All begin with `C`, as [`cui_after`] demands.
pub(super) const CUI_LABELS: [&str; 4] = ["C.I.F.", "CODFISC", "CUI/CNP", "CUI:"];

/// Returns where the first IBAN stands that is not the statement's own.
pub(super) fn iban(text: &str, own: &str) -> Option<Range<usize>> {
    ibans(text).find(|place| !text.get(place.clone()).is_some_and(|iban| is_own(iban, own)))
}

/// Returns where IBANs stand.
///
/// A Romanian IBAN is recognised by its form alone, since banks write words right behind it, and
/// anonymised IBANs have wrong check digits. A foreign IBAN must stand alone and have the right
/// ones.
pub(super) fn ibans(text: &str) -> impl Iterator<Item = Range<usize>> {
    let bytes = text.as_bytes();
    let mut next = 0;
    std::iter::from_fn(move || {
        // An IBAN begins with two letters and two digits. Where the fourth character is no digit,
        // it shows how many places can be skipped.
        while let Some(fourth) = bytes.get(next + 3) {
            if !fourth.is_ascii_digit() {
                next += if fourth.is_ascii_alphabetic() { 2 } else { 4 };
                continue;
            }
            let before = next.checked_sub(1).and_then(|at| bytes.get(at));
            if let Some(len) = bytes.get(next..).and_then(|rest| iban_len(before.copied(), rest)) {
                next += len;
                return Some(next - len..next);
            }
            next += 1;
        }
        None
    })
}

/// Returns all places where the part stands in the text.
///
/// Only the part's first character is searched for: in so short a text, a general search costs more
/// to set up than it saves.
pub(super) fn places<'t>(text: &'t str, part: &'t str) -> impl Iterator<Item = usize> + 't {
    let (first, bytes) = (part.bytes().next().unwrap_or_default(), text.as_bytes());
    memchr::memchr_iter(first, bytes)
        .filter(move |at| bytes.get(*at..).is_some_and(|rest| rest.starts_with(part.as_bytes())))
}

/// Returns the first place where any of the parts stands.
pub(super) fn first_of<'p>(
    text: &str,
    parts: impl Iterator<Item = &'p str> + Clone,
) -> Option<usize> {
    let bit = |byte: u8| 1_u64 << (byte % 64);
    let begins = parts.clone().filter_map(|part| part.bytes().next());
    let begins = begins.fold(0, |begins, byte| begins | bit(byte));
    let bytes = text.as_bytes();
    let is_there = |at: usize| {
        let rest = bytes.get(at..).unwrap_or_default();
        parts.clone().any(|part| rest.starts_with(part.as_bytes()))
    };
    let mut candidates = bytes.iter().enumerate().filter(|(_, byte)| begins & bit(**byte) != 0);
    candidates.find(|(at, _)| is_there(*at)).map(|(at, _)| at)
}

fn iban_len(before: Option<u8>, rest: &[u8]) -> Option<usize> {
    let [c1, c2, d1, d2, account @ ..] = rest else {
        return None;
    };
    if !(c1.is_ascii_alphabetic()
        && c2.is_ascii_alphabetic()
        && d1.is_ascii_digit()
        && d2.is_ascii_digit())
    {
        return None;
    }
    let country = [c1.to_ascii_uppercase(), c2.to_ascii_uppercase()];
    if country == *b"RO" {
        let (bank, number) = account.get(..RO_IBAN_LEN - 4)?.split_at_checked(4)?;
        return (bank.iter().all(u8::is_ascii_alphabetic)
            && number.iter().all(u8::is_ascii_alphanumeric))
        .then_some(RO_IBAN_LEN);
    }
    let (_, len) = IBAN_LENGTHS.iter().find(|(code, _)| **code == country)?;
    let whole = rest.get(..*len)?;
    let alone = !before.is_some_and(|b| b.is_ascii_alphanumeric())
        && !rest.get(*len).is_some_and(u8::is_ascii_alphanumeric);
    (alone && checks(whole)).then_some(*len)
}

/// Returns whether the check digits are right: ISO 7064 MOD 97-10 over the IBAN, its first four
/// characters moved to the end.
fn checks(iban: &[u8]) -> bool {
    let Some((head, tail)) = iban.split_at_checked(4) else {
        return false;
    };
    let mut remainder = 0_u32;
    for b in tail.iter().chain(head) {
        remainder = match b {
            b'0'..=b'9' => remainder * 10 + u32::from(b - b'0'),
            b'A'..=b'Z' => remainder * 100 + u32::from(b - b'A') + 10,
            _ => return false,
        } % 97;
    }
    remainder == 1
}

/// Returns the account in a field that holds nothing else: an IBAN or a national number, without
/// blanks and in upper case. `None` where the field holds something else or the statement's own
/// account.
pub(super) fn account<'t>(field: &'t str, own: &str) -> Option<Cow<'t, str>> {
    let field = field.trim();
    let solid =
        if field.contains(' ') { Cow::Owned(field.replace(' ', "")) } else { Cow::Borrowed(field) };
    let valid = (5..=ACCOUNT_LEN_MAX).contains(&solid.len())
        && solid.bytes().all(|b| b.is_ascii_alphanumeric())
        && solid.bytes().any(|b| b.is_ascii_digit() && b != b'0');
    (valid && !is_own(&solid, own)).then(|| upper(solid))
}

/// Returns the IBAN at that place, in upper case.
pub(super) fn at(text: &str, place: Range<usize>) -> Option<Cow<'_, str>> {
    text.get(place).map(|iban| upper(Cow::Borrowed(iban)))
}

fn upper(account: Cow<'_, str>) -> Cow<'_, str> {
    if account.bytes().any(|b| b.is_ascii_lowercase()) {
        return Cow::Owned(account.to_ascii_uppercase());
    }
    account
}

/// Returns whether the account is the statement's own, which `:25:` may write as `BIC/number` or
/// with a currency behind.
pub(super) fn is_own(account: &str, own: &str) -> bool {
    /// The shortest national number that an IBAN's end is compared with.
    const NUMBER_LEN_MIN: usize = 8;
    let parts = own.split('/').map(str::trim);
    let own = parts.max_by_key(|part| part.len()).unwrap_or(own);
    let starts = |whole: &str, part: &str| {
        whole.get(..part.len()).is_some_and(|start| start.eq_ignore_ascii_case(part))
    };
    if own.len() < NUMBER_LEN_MIN || account.len() < NUMBER_LEN_MIN {
        return !own.is_empty() && own.eq_ignore_ascii_case(account);
    }
    let number = own.bytes().all(|b| b.is_ascii_digit());
    starts(own, account) || (number && account.ends_with(own))
}

/// Returns the fiscal code behind a label. Where several labels have one, the first in `labels`
/// counts. All labels must begin with `C`.
pub(super) fn cui_after<'t>(text: &'t str, labels: &[&str]) -> Option<&'t str> {
    let mut found = None;
    let mut better = labels;
    for at in memchr::memchr_iter(b'C', text.as_bytes()) {
        let rest = text.get(at..)?;
        let code = |label: &&str| rest.strip_prefix(*label).and_then(cui);
        let here = better.iter().enumerate().find_map(|(rank, label)| Some((rank, code(label)?)));
        if let Some((rank, code)) = here {
            found = Some(code);
            better = labels.get(..rank)?;
        }
    }
    found
}

/// Returns the fiscal code that a text begins with: 2 to 10 digits (`RO` may stand before them).
/// Only zeros are no code: banks write them where there is none.
pub(super) fn cui(text: &str) -> Option<&str> {
    let text = text.trim_start_matches([' ', ':', '.', '/']);
    let digits = match text.get(..2) {
        Some(country) if country.eq_ignore_ascii_case("RO") => text.get(2..)?.trim_start(),
        _ => text,
    };
    let len = digits.bytes().take_while(u8::is_ascii_digit).count();
    let code = digits.get(..len)?;
    ((2..=10).contains(&len) && code.bytes().any(|b| b != b'0')).then_some(code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Returns where IBANs stand, found by looking at every place.
    fn ibans_by_definition(text: &str) -> Vec<Range<usize>> {
        let bytes = text.as_bytes();
        let (mut found, mut next) = (Vec::new(), 0);
        while next < bytes.len() {
            let before = next.checked_sub(1).map(|at| bytes[at]);
            let len = iban_len(before, &bytes[next..]);
            found.extend(len.map(|len| next..next + len));
            next += len.unwrap_or(1);
        }
        found
    }

    fn cui_by_definition<'t>(text: &'t str, labels: &[&str]) -> Option<&'t str> {
        labels.iter().find_map(|label| {
            text.match_indices(label).find_map(|(at, label)| cui(text.get(at + label.len()..)?))
        })
    }

    proptest! {
        #[test]
        fn what_is_searched_for_quickly_is_found_as_by_looking_everywhere(
            text in "([A-Z ]{1,3}|[0-9]{1,3}|ă|RO[0-9]{2}[A-Z]{4}[0-9A-Z]{16}|DE89370400440532013000|C\\.I\\.F\\.:?|CUI: ?|CODFISC |CUI/CNP |[0-9]{5}){0,12}",
        ) {
            prop_assert_eq!(ibans(&text).collect::<Vec<_>>(), ibans_by_definition(&text));
            prop_assert_eq!(cui_after(&text, &CUI_LABELS), cui_by_definition(&text, &CUI_LABELS));
            let first = CUI_LABELS.iter().filter_map(|label| text.find(label)).min();
            prop_assert_eq!(first_of(&text, CUI_LABELS.into_iter()), first);
            for label in CUI_LABELS {
                let found: Vec<_> = text.match_indices(label).map(|(at, _)| at).collect();
                prop_assert_eq!(places(&text, label).collect::<Vec<_>>(), found);
            }
        }
    }

    #[test]
    fn a_romanian_iban_is_found_within_words_and_a_foreign_one_only_alone() {
        let cases = [
            ("DEPRO45BTRLRONCRT0ABCDEF001DETALII", Some("RO45BTRLRONCRT0ABCDEF001")),
            ("ro45btrlroncrt0abcdef001", Some("RO45BTRLRONCRT0ABCDEF001")),
            ("RO45BTRLRONCRT0ABCDEF00", None),
            ("RO45BTRL-RONCRT0ABCDEF001", None),
            ("din DE89370400440532013000.", Some("DE89370400440532013000")),
            ("dinDE89370400440532013000", None),
            ("DE893704004405320130001", None),
            ("DE88370400440532013000", None),
            ("\u{219}RO45BTRLRONCRT0ABCDEF00\u{219}", None),
        ];
        for (text, found) in cases {
            let place = iban(text, "RO08BACX0000000900012345");
            let iban = place.and_then(|place| at(text, place));
            assert_eq!(iban.as_deref(), found, "{text}");
        }
    }

    #[test]
    fn the_own_account_is_known_however_the_statement_writes_it() {
        let account = "RO33INGB0000999900012345";
        let own = [
            "RO33INGB0000999900012345",
            "/RO33INGB0000999900012345",
            " ro33ingb0000999900012345 EUR",
            "//RO33INGB0000999900012345/EUR",
            "INGBROBU/9900012345",
        ];
        assert!(own.into_iter().all(|own| is_own(account, own)));
        let other = ["", "RO33INGB0000999900012346", "INGBROBU/9900012346", "12345"];
        assert!(!other.into_iter().any(|own| is_own(account, own)));
    }

    #[test]
    fn a_fiscal_code_has_two_to_ten_digits_and_is_not_zero() {
        let cases = [
            ("CODFISC RO12345678-Beneficiar", Some("12345678")),
            ("CUI/CNP 12345678ORDONATOR", Some("12345678")),
            ("C.I.F.:18", Some("18")),
            ("CODFISC 0-Detalii CODFISC 77", Some("77")),
            ("CODFISC 0", None),
            ("CODFISC 1234567890123", None),
            ("CODFISC", None),
        ];
        for (text, found) in cases {
            assert_eq!(cui_after(text, &CUI_LABELS), found, "{text}");
        }
    }
}
