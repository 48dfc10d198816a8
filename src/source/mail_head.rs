//! What a mail says of itself: when it was sent, and about what.

use chrono::{DateTime, Datelike, FixedOffset};
use mailparse::MailHeader;

use super::letter::field;
use super::member::shown;

/// Characters of a subject that are kept: as many as a line of a mail may have (RFC 5322, 2.1.1).
const SUBJECT_CHARS_MAX: usize = 998;

/// The fields of a mail that are kept with what was attached to it; of a forwarded mail, its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MailHead {
    /// When it was sent, in the zone of its sender; `None` where it does not say so, or no calendar has
    /// that moment.
    pub date: Option<DateTime<FixedOffset>>,
    /// Its subject, decoded and fit to be shown.
    pub subject: Option<String>,
}

impl MailHead {
    /// Reads the fields.
    pub(super) fn of(fields: &[MailHeader<'_>]) -> Self {
        let subject = shown(&field(fields, "Subject"));
        let subject: String = subject.trim().chars().take(SUBJECT_CHARS_MAX).collect();
        Self {
            date: moment(&field(fields, "Date")),
            subject: (!subject.is_empty()).then_some(subject),
        }
    }
}

/// Reads a date (RFC 5322, 3.3) without its day of the week, which some programs write wrong.
fn moment(text: &str) -> Option<DateTime<FixedOffset>> {
    let date = text.split_once(',').map_or(text, |(_, date)| date);
    let date = DateTime::parse_from_rfc2822(date.trim()).ok()?;
    (1970..=9999).contains(&date.year()).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(fields: &str) -> MailHead {
        MailHead::of(&mailparse::parse_headers(fields.as_bytes()).unwrap().0)
    }

    #[test]
    fn a_subject_is_decoded_and_cannot_rewrite_the_screen() {
        let subject = |text: &str| head(&format!("Subject: {text}\r\n\r\n")).subject;
        let encoded = "=?UTF-8?B?UmFwb3J0dWwgc8SDcHTEg23Dom5paQ==?=";
        assert_eq!(subject(encoded).as_deref(), Some("Raportul săptămânii"));
        assert_eq!(
            subject("=?iso-8859-2?Q?Borderou_=FEi_?=\r\n =?iso-8859-2?Q?facturi?=").as_deref(),
            Some("Borderou ţi facturi")
        );
        assert_eq!(subject("=?UTF-8?Q?a=1B[2Jb=00?=").as_deref(), Some("a[2Jb"));
        assert_eq!(subject("  "), None);
        assert_eq!(subject(&"x".repeat(5000)).map(|it| it.len()), Some(SUBJECT_CHARS_MAX));
    }

    #[test]
    fn a_date_keeps_its_zone_and_what_is_no_date_is_none() {
        let date = |text: &str| head(&format!("Date: {text}\n\n")).date.map(|it| it.to_rfc3339());
        let evening = Some("2026-03-02T20:45:00+02:00".to_owned());
        for text in [
            "Mon, 2 Mar 2026 20:45:00 +0200",
            "Tue, 2 Mar 2026 20:45:00 +0200 (EET)",
            "2 Mar 2026 20:45 +0200",
        ] {
            assert_eq!(date(text), evening, "{text}");
        }
        assert_eq!(
            date("Mon, 2 Mar 2026 18:45:00 GMT"),
            Some("2026-03-02T18:45:00+00:00".to_owned())
        );
        for text in ["", "now", "Mon, 31 Feb 2026 20:45:00 +0200", "2 Mar 99999 20:45:00 +0200"] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}
