//! The names of companies, for comparing: a courier writes `FIRMA NOUA S.R.L.`, the registry `Firma
//! Nouă SRL`.

use super::normalize::plain;

/// Legal forms that stand behind a name, or before it.
const FORMS: [&str; 11] = ["srl", "srld", "sa", "sc", "snc", "scs", "sca", "ra", "pfa", "ii", "if"];

/// Returns the name in the form in which two ways to write it are equal: small letters without
/// diacritics, words with one blank between, without the legal forms around them.
pub fn folded(name: &str) -> String {
    let all = words(name);
    let mut words = all.as_slice();
    // Of each side one form alone is left out: `Ioan Paul II SRL` is not `Ioan Paul`.
    if let [rest @ .., last] = words
        && is_form(last)
    {
        words = rest;
    }
    if let [first, rest @ ..] = words
        && is_form(first)
    {
        words = rest;
    }
    words.join(" ")
}

/// Returns the words of a name. Letters with dots or blanks between, as in `S. R. L.`, are one word.
fn words(name: &str) -> Vec<String> {
    let plain = plain(name).replace('.', " ").replace("srl-d", "srld");
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    for word in plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let is_letter = word.chars().count() == 1 && !word.chars().all(char::is_numeric);
        match words.last_mut().filter(|_| is_letter && is_open) {
            Some(open) => open.push_str(word),
            None => words.push(word.to_owned()),
        }
        is_open = is_letter;
    }
    words
}

fn is_form(word: &str) -> bool {
    FORMS.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_company_is_written_in_many_ways() {
        for name in [
            "Firma Nouă SRL",
            "FIRMA NOUA S.R.L.",
            "S.C. Firma Nouă S. R. L.",
            "sc firma  nouă srl",
            "\"Firma Nouă\" SRL-D",
            "Firma-Noua",
            "FIRMA NOUĂ SA",
        ] {
            assert_eq!(folded(name), "firma noua", "{name}");
        }
        // A cedilla and a comma below.
        assert_eq!(folded("Şcoala Ţării SRL"), folded("ȘCOALA ȚĂRII"));
        assert_eq!(folded("PFA Model Ana"), folded("Model Ana P.F.A."));
    }

    #[test]
    fn other_companies_stay_others_and_a_form_alone_is_no_name() {
        assert_ne!(folded("Firma Nouă 2 SRL"), folded("Firma Nouă SRL"));
        assert_ne!(folded("Ioan Paul II SRL"), folded("Ioan Paul SRL"));
        for name in ["", " ", "SRL", "S.C.", "\u{0}", "---"] {
            assert_eq!(folded(name), "", "{name:?}");
        }
    }
}
