//! GLS's address line, `NAME RO-ZIP TOWN STREET…` → the recipient's name and town.

use crate::value::normalize;

/// Words that begin a street, or the village, block or number written instead of one; as
/// `normalize::plain` writes them.
const STREET_WORDS: [&str; 25] = [
    "aleea",
    "bd",
    "bdul",
    "b-dul",
    "bl",
    "bulevard",
    "bulevardul",
    "calea",
    "com",
    "comuna",
    "drumul",
    "intr",
    "intrarea",
    "nr",
    "piata",
    "sat",
    "sos",
    "soseaua",
    "spl",
    "splai",
    "splaiul",
    "str",
    "strada",
    "cartier",
    "cart",
];

/// What an address line says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Address {
    /// The text before the postal code.
    pub name: Option<String>,
    /// The words between the postal code and the street.
    pub city: Option<String>,
}

impl Address {
    /// Splits the line; a line without a postal code gives nothing.
    pub(super) fn of(line: &str) -> Self {
        let Some((name, rest)) = split_at_postal_code(line) else {
            return Self::default();
        };
        let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
        let city = city(rest);
        Self { name, city }
    }
}

/// Returns the text before and the text after the postal code, ` RO-` and six digits.
fn split_at_postal_code(line: &str) -> Option<(&str, &str)> {
    line.match_indices(" RO-").find_map(|(at, mark)| {
        let (before, after) = line.split_at_checked(at)?;
        let (code, rest) = after.get(mark.len()..)?.split_at_checked(6)?;
        let is_code = code.bytes().all(|b| b.is_ascii_digit());
        (is_code && !rest.starts_with(|c: char| c.is_ascii_digit())).then_some((before, rest))
    })
}

/// Returns the words before the street, or `None` where no word begins a street: then nobody knows
/// where the town's name ends.
fn city(rest: &str) -> Option<String> {
    let mut city = String::new();
    for word in rest.split_whitespace() {
        if starts_street(word) {
            city.truncate(city.trim_end_matches([',', ';', '-']).trim_end().len());
            return (!city.is_empty()).then_some(city);
        }
        if !city.is_empty() {
            city.push(' ');
        }
        city.push_str(word);
    }
    None
}

fn starts_street(word: &str) -> bool {
    fn stem(word: &str) -> &str {
        word.split(['.', ',', ':']).next().unwrap_or_default()
    }
    if word.is_ascii() {
        let stem = stem(word);
        return STREET_WORDS.iter().any(|street| street.eq_ignore_ascii_case(stem));
    }
    STREET_WORDS.contains(&stem(&normalize::plain(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_tells_name_and_town_as_far_as_its_words_do() {
        let cases = [
            ("Ana Țintă RO-300001 Timișoara Str. Fictiva 4", "Ana Țintă", "Timișoara"),
            ("SC ROD-RO SRL RO-010101 Satu Mare, Bulevardul Unirii", "SC ROD-RO SRL", "Satu Mare"),
            ("Ion RO-010101 Cluj Napoca STR.Fictiva 3", "Ion", "Cluj Napoca"),
            ("Ion RO-010101 Focșani Șoseaua Veche", "Ion", "Focșani"),
            ("Ion RO-010101 Strada Fictiva 3", "Ion", ""),
            ("Ion RO-010101 Brașov Fictiva", "Ion", ""),
            (" RO-010101 Brașov nr. 3", "", "Brașov"),
            ("Ion RO-12 RO-010101 Brașov nr. 3", "Ion RO-12", "Brașov"),
            ("Ion RO-0101012 Brașov nr. 3", "", ""),
            ("Ion RO-01010ș", "", ""),
            ("", "", ""),
        ];
        for (line, name, city) in cases {
            let found = Address::of(line);
            let found = (found.name.unwrap_or_default(), found.city.unwrap_or_default());
            assert_eq!(found, (name.to_owned(), city.to_owned()), "{line}");
        }
    }
}
