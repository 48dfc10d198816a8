//! Numbers in texts: batch and report in the names of files, the shop's order in descriptions.

use crate::value::normalize;

/// Returns the batch and the report that a name states by `batchId.<batch>.<report>.csv`.
pub(super) fn batch_and_report(name: &str) -> Option<(String, String)> {
    let (_, ids) = name.rsplit_once("batchId.")?;
    let mut parts = ids.split('.');
    let (batch, report, rest) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let are_ids = digits(batch) && digits(report) && rest.starts_with("csv");
    are_ids.then(|| (batch.to_owned(), report.to_owned()))
}

/// Returns the digits after `Comanda nr.`, `Comanda`, `Order` or `#`, else the whole text.
pub(super) fn order_id(description: &str) -> String {
    let plain = normalize::plain(description);
    let found = ["comanda", "order", "#"].iter().find_map(|word| {
        let (_, after) = plain.split_once(word)?;
        let after = after.trim_start();
        let after = after.strip_prefix("nr").unwrap_or(after);
        let after = after.trim_start_matches([' ', '.', ':', '#']);
        let end = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        after.get(..end).filter(|digits| !digits.is_empty())
    });
    found.unwrap_or(description).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batch_and_report_are_found_wherever_they_stand() {
        let ids = Some(("52001836".to_owned(), "2201836".to_owned()));
        let named = [
            "batchId.52001836.2201836.csv",
            "attachment; filename=batchId.52001836.2201836.csv.zip",
            "mails/2026/batchId.52001836.2201836.csv (1).zip",
        ];
        for name in named {
            assert_eq!(batch_and_report(name), ids, "{name}");
        }
        for name in ["batch.csv", "batchId.1.csv", "batchId.1.x.csv", "batchId.1.2.txt", "batchId."]
        {
            assert_eq!(batch_and_report(name), None, "{name}");
        }
    }

    #[test]
    fn an_order_is_the_digits_after_its_word_or_the_whole_text() {
        let cases = [
            ("Comanda nr. 3115391222 - example.ro", "3115391222"),
            ("COMANDĂ NR.3115", "3115"),
            ("Comanda 12", "12"),
            ("Comanda nr #12", "12"),
            ("Order: 77", "77"),
            ("plata #5 online", "5"),
            ("Comanda nr. AB-12", "Comanda nr. AB-12"),
            ("Abonament", "Abonament"),
        ];
        for (description, expected) in cases {
            assert_eq!(order_id(description), expected, "{description}");
        }
    }
}
