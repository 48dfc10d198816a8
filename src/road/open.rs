//! Path → its sources, each ready to be read; in the place of one that cannot be opened, its
//! report.

use std::path::Path;

use crate::fault::Refusal;
use crate::format::detect;
use crate::road::report::{Failure, FileReport, Status};
use crate::source::{self, Found, OpenError, RefusedMember, Source, Sources};

/// Sources, opened one after the other; in the place of one that cannot be opened, its report.
pub type Stream = Box<dyn Iterator<Item = Result<Source, Box<FileReport>>> + Send>;

/// Attachments that a warning names at most; further ones are only counted.
const LEFT_OUT_SHOWN_MAX: usize = 10;

/// Returns the sources of what was found at a path; for a folder that cannot be looked into, its
/// report.
pub fn each_source_found(found: &Found) -> Stream {
    match found {
        Found::File(path) => Box::new(each_source(path)),
        Found::Closed(path, error) => {
            let mut report = FileReport::new(path.to_string_lossy(), None, Status::Failed);
            let advice = "give yourself the right to look into it";
            report.fail(Failure::unreadable(format!("cannot be read: {error}"), advice));
            Box::new(std::iter::once(Err(Box::new(report))))
        }
    }
}

/// Returns the sources of a path: the file itself, the members of a zip, or the attachments of a
/// mail. In the place of a source that cannot be opened stands its report.
///
/// Where a format knows at least one attachment of a mail, the attachments that no format knows are
/// left out, since most mails bring an invoice or a logo. A note on the first known attachment
/// names those that were left out.
pub fn each_source(
    path: &Path,
) -> impl Iterator<Item = Result<Source, Box<FileReport>>> + Send + use<> {
    each_source_of(&path.to_string_lossy(), source::open(path))
}

/// Returns the sources of a file that was opened already, as [`each_source`] does; reports call the
/// file by `name`.
pub fn each_source_of(
    name: &str,
    opened: Result<Sources, OpenError>,
) -> impl Iterator<Item = Result<Source, Box<FileReport>>> + Send + use<> {
    let name = name.to_owned();
    let (sources, unopened) = match opened {
        Ok(sources) => (Some(sources), None),
        Err(error) => (None, Some(Err(Box::new(unopened(&name, &error))))),
    };
    let mut known =
        sources.as_ref().and_then(Sources::of_mail_again).and_then(KnownAttachments::of);
    let opened =
        sources.into_iter().flatten().filter_map(move |source| match (source, &mut known) {
            (Ok(source), Some(known)) => known.pass(source).map(Ok),
            (Ok(source), None) => Some(Ok(source)),
            (Err(RefusedMember { member, refusal }), _) => {
                let mut report = FileReport::new(name.clone(), Some(member), Status::Refused);
                report.fail(&refusal);
                Some(Err(Box::new(report)))
            }
        });
    opened.chain(unopened)
}

/// A filter that lets through the attachments of a mail that a format knows.
struct KnownAttachments {
    /// For each attachment that is still to come, whether a format knows it.
    known: std::vec::IntoIter<bool>,
    /// The note for the first known attachment, until that attachment has it.
    note: Option<String>,
}

impl KnownAttachments {
    /// Looks through a mail; returns `None` where formats know all of its attachments, or none of
    /// them.
    fn of(mail: Sources) -> Option<Self> {
        let (mut known, mut names) = (Vec::new(), Vec::new());
        for source in mail.flatten() {
            known.push(is_known(&source));
            if known.ends_with(&[false]) && names.len() < LEFT_OUT_SHOWN_MAX {
                names.push(source.member().unwrap_or_default().to_owned());
            }
        }
        let unknown = known.iter().filter(|is_known| !**is_known).count();
        if unknown == known.len() || unknown == 0 {
            return None;
        }
        let more = match unknown - names.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let names = names.join(", ");
        let note = format!("left out of the mail, since no format knows them: {names}{more}");
        Some(Self { known: known.into_iter(), note: Some(note) })
    }

    fn pass(&mut self, source: Source) -> Option<Source> {
        if !self.known.next().unwrap_or(true) {
            return None;
        }
        Some(match self.note.take() {
            Some(note) => source.with_note(note),
            None => source,
        })
    }
}

/// Returns whether a format knows the source. Where two formats do, the import refuses it later.
fn is_known(source: &Source) -> bool {
    !matches!(detect(source), Err(Refusal::UnknownFormat { .. }))
}

fn unopened(name: &str, error: &OpenError) -> FileReport {
    let mut report = FileReport::new(name, None, Status::Failed);
    match error {
        OpenError::Refused(refusal) => report.fail(refusal),
        OpenError::Io { .. } => {
            report.fail(Failure::unreadable(error.to_string(), error.advice()));
        }
    }
    report
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::mail::write;
    use crate::lab::month::Month;

    fn statement() -> Vec<u8> {
        Month::invent(7, 2026, 3).unwrap().files.swap_remove(0).bytes
    }

    type Told = Vec<Result<(String, Vec<String>), (Option<String>, &'static str)>>;

    fn told(attachments: &[(&str, &str, &[u8])]) -> Told {
        let opened = Sources::of_bytes("a.eml", write("mail", attachments));
        let each = each_source_of("a.eml", opened.map_err(OpenError::from));
        let told = each.map(|source| match source {
            Ok(source) => Ok((source.member().unwrap().to_owned(), source.notes().to_vec())),
            Err(report) => Err((report.member.clone(), report.error.unwrap().kind)),
        });
        told.collect()
    }

    #[test]
    fn what_no_format_knows_is_left_out_of_a_mail_that_has_what_one_knows() {
        let statement = statement();
        let pdf: &[u8] = b"%PDF-1.7";
        let found = told(&[
            ("application/pdf", "factura.pdf", pdf),
            ("text/plain", "a.sta", &statement),
            ("application/zip", "cut.zip", b"PK\x03\x04"),
            ("text/plain", "b.sta", &statement),
            ("image/png", "logo.png", b"\x89PNG"),
        ]);
        let note = "left out of the mail, since no format knows them: factura.pdf, logo.png";
        let expected = [
            Ok(("a.sta".to_owned(), vec![note.to_owned()])),
            Err((Some("cut.zip".to_owned()), "archive")),
            Ok(("b.sta".to_owned(), Vec::new())),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn a_mail_in_which_no_format_knows_anything_hands_all_of_it_over() {
        let found = told(&[("a/b", "a.pdf", b"%PDF"), ("a/b", "b.pdf", b"%PDF")]);
        assert_eq!(found, ["a.pdf", "b.pdf"].map(|name| Ok((name.to_owned(), Vec::new()))));
    }

    #[test]
    fn a_mail_in_which_all_is_known_has_no_note() {
        let found = told(&[("a/b", "a.sta", &statement())]);
        assert_eq!(found, [Ok(("a.sta".to_owned(), Vec::new()))]);
    }

    #[test]
    fn much_that_is_left_out_is_counted() {
        let statement = statement();
        let names: Vec<String> = (1..=12).map(|number| format!("{number}.pdf")).collect();
        let pdf: &[u8] = b"%PDF";
        let mut attached: Vec<_> = names.iter().map(|name| ("a/b", name.as_str(), pdf)).collect();
        attached.push(("a/b", "a.sta", &statement));
        let Ok((_, notes)) = &told(&attached)[0] else { panic!() };
        assert!(notes[0].ends_with("9.pdf, 10.pdf and 2 more"), "{notes:?}");
    }
}
