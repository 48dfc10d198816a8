//! Files that are not for vama, beside files that a format knows: they are left out of the reports,
//! and a warning names them.
//!
//! Most mails bring an invoice or a logo, and the folder of a month has more in it than statements.
//! That is no failure. A file that is alone, or that the user named, stays refused.

use super::report::FileReport;
use crate::fault::Refusal;

/// Files that a warning names at most; further ones are only counted.
const NAMES_MAX: usize = 10;

/// Leaves files out of the reports of one zip or mail. Of a mail also those that nobody understands,
/// since anybody may send one.
pub fn of_input(reports: &mut Vec<FileReport>) {
    let why = |report: &FileReport| why(report).or_else(|| why_of_mail(report));
    leave_out(&mut [reports], why, |report| report.member.clone().unwrap_or_default());
}

/// Leaves files out of the reports of folders. For each input `folders` has the number of the folder
/// that it was found in; `None` where the user named the input itself.
pub fn of_folders(inputs: &mut [Vec<FileReport>], folders: &[Option<usize>]) {
    let count = folders.iter().flatten().max().map_or(0, |last| last + 1);
    for folder in 0..count {
        let all = inputs.iter_mut().zip(folders);
        let mut within: Vec<&mut Vec<FileReport>> =
            all.filter(|(_, it)| **it == Some(folder)).map(|(reports, _)| reports).collect();
        leave_out(&mut within, why, |report| match &report.member {
            Some(member) => format!("{} › {member}", report.file),
            None => report.file.clone(),
        });
    }
}

/// Why a file is left out.
#[derive(PartialEq, Eq)]
enum Why {
    /// It is understood what it is, and that vama does not read it; and what else can be done.
    Understood(&'static str, String),
    /// It came in a mail, and nobody understands it.
    Unknown,
}

/// Leaves out what there is a reason for, if any of the files is known; the first known file gets the
/// warnings.
fn leave_out(
    inputs: &mut [&mut Vec<FileReport>],
    why: impl Fn(&FileReport) -> Option<Why>,
    name: impl Fn(&FileReport) -> String,
) {
    let is_known = |report: &FileReport| report.format.is_some();
    if !inputs.iter().any(|reports| reports.iter().any(is_known)) {
        return;
    }
    let mut left_out: Vec<(Why, Vec<String>)> = Vec::new();
    for reports in inputs.iter_mut() {
        reports.retain(|report| {
            let Some(why) = why(report) else { return true };
            match left_out.iter_mut().find(|(other, _)| *other == why) {
                Some((_, names)) => names.push(name(report)),
                None => left_out.push((why, vec![name(report)])),
            }
            false
        });
    }
    let mut known = inputs.iter_mut().flat_map(|reports| reports.iter_mut());
    if let Some(known) = known.find(|report| is_known(report)) {
        known.warnings.extend(left_out.iter().map(|(why, names)| warning(why, names)));
    }
}

/// Returns why a file is left out of which it is understood what it is.
fn why(report: &FileReport) -> Option<Why> {
    let error = report.error.as_ref()?;
    let advice = error.advice.as_deref().unwrap_or_default();
    let more = advice.strip_prefix(Refusal::LEAVE_OUT).unwrap_or(advice);
    let more = more.trim_start_matches([';', ':', ',', ' ']);
    Some(Why::Understood(error.understood_as?, more.to_owned()))
}

/// Returns why an attachment is left out that nobody understands.
fn why_of_mail(report: &FileReport) -> Option<Why> {
    let is_unknown = report.error.as_ref()?.is_unknown_format;
    (report.in_mail && is_unknown).then_some(Why::Unknown)
}

/// Says which files were left out; the name of the known file stands before the text.
fn warning(why: &Why, names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(NAMES_MAX).map(String::as_str).collect();
    let mut listed = shown.join(", ");
    if let Some(more) = names.len().checked_sub(NAMES_MAX + 1) {
        listed.push_str(&format!(" and {} more", more + 1));
    }
    match why {
        Why::Unknown => format!("left out of the mail, since no format knows them: {listed}"),
        Why::Understood(what, advice) => {
            let each = if names.len() > 1 { "each " } else { "" };
            let separator = if advice.is_empty() { "" } else { "; " };
            format!("left out beside it: {listed} ({each}{what}){separator}{advice}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::mail::write;
    use crate::lab::month::Month;
    use crate::road::Options;
    use crate::road::open::each_source_of;
    use crate::road::prepare::check_source;
    use crate::road::report::ExitStatus;
    use crate::source::testing::zip;
    use crate::source::{OpenError, Sources};

    fn statement() -> Vec<u8> {
        Month::invent(7, 2026, 3).unwrap().files.swap_remove(0).bytes
    }

    /// Checks the sources of a file, as `vama check` does.
    fn checked(name: &str, bytes: Vec<u8>) -> Vec<FileReport> {
        checked_as(name, bytes, &Options::default())
    }

    fn checked_as(name: &str, bytes: Vec<u8>, options: &Options) -> Vec<FileReport> {
        let opened = Sources::of_bytes(name, bytes).map_err(OpenError::from);
        let reports = each_source_of(name, opened)
            .map(|source| source.map_or_else(|report| *report, |it| check_source(&it, options)));
        let mut reports = reports.collect();
        of_input(&mut reports);
        reports
    }

    fn names(reports: &[FileReport]) -> Vec<&str> {
        reports.iter().map(|report| report.member.as_deref().unwrap_or(&report.file)).collect()
    }

    const PDF: &[u8] = b"%PDF-1.7";
    const IN_A_PDF: &str = "if it is a statement, get that as MT940 or MT942 from the bank";

    #[test]
    fn what_is_not_for_vama_is_left_out_of_a_mail_that_has_what_is() {
        let statement = statement();
        let mail = write(
            "mail",
            &[
                ("application/pdf", "factura.pdf", PDF),
                ("text/plain", "a.sta", &statement),
                ("application/zip", "cut.zip", b"PK\x03\x04"),
                ("text/plain", "b.sta", &statement),
                ("image/png", "logo.png", b"\x89PNG"),
                ("a/b", "x.bin", b"nobody knows"),
                ("image/png", "sigla.png", b"\x89PNG"),
            ],
        );

        let reports = checked("a.eml", mail);

        assert_eq!(names(&reports), ["a.sta", "cut.zip", "b.sta"]);
        let warnings = [
            &format!("left out beside it: factura.pdf (a PDF); {IN_A_PDF}"),
            "left out beside it: logo.png, sigla.png (each a picture)",
            "left out of the mail, since no format knows them: x.bin",
        ];
        assert_eq!(reports[0].warnings, warnings);
        assert_eq!(reports[1].error.as_ref().unwrap().kind, "archive");
        assert!(reports[2].warnings.is_empty());
    }

    #[test]
    fn a_zip_is_as_a_mail_but_what_nobody_understands_is_refused() {
        let statement = statement();
        let inner = zip(&[("factura.pdf", PDF)]);
        let bytes = zip(&[
            ("a.sta", statement.as_slice()),
            ("banca.csv", b"Data;Suma\n"),
            ("facturi.zip", &inner),
            ("vechi.rar", b"Rar!\x1a\x07\x01\x00"),
        ]);

        let reports = checked("luna.zip", bytes);

        assert_eq!(names(&reports), ["a.sta", "banca.csv"]);
        let warnings = [
            &format!("left out beside it: facturi.zip/factura.pdf (a PDF); {IN_A_PDF}"),
            "left out beside it: vechi.rar (a RAR archive); unpack it, and import the files in it",
        ];
        assert_eq!(reports[0].warnings, warnings);
        assert_eq!(reports[1].exit(), ExitStatus::Refused);
    }

    #[test]
    fn where_nothing_is_known_all_is_refused() {
        for bytes in [zip(&[("a.pdf", PDF)]), write("mail", &[("a/b", "a.pdf", PDF)]), PDF.to_vec()]
        {
            let reports = checked("a", bytes);
            assert_eq!((reports.len(), reports[0].exit()), (1, ExitStatus::Refused));
        }
    }

    #[test]
    fn a_format_that_the_user_named_takes_in_nothing_that_is_something_else() {
        let format = crate::format::by_name("mt940");
        let options = Options { format, ..Options::default() };
        let bytes = zip(&[("a.sta", statement().as_slice()), ("a.pdf", PDF)]);
        let reports = checked_as("a.zip", bytes, &options);
        assert_eq!((names(&reports), reports[0].warnings.len()), (vec!["a.sta"], 1));
    }

    #[test]
    fn what_lies_in_a_folder_is_left_out_and_what_the_user_named_is_refused() {
        let mut inputs = vec![
            checked("luna/factura.pdf", PDF.to_vec()),
            checked("luna/extras.sta", statement()),
            checked("luna/facturi.zip", zip(&[("a.pdf", PDF)])),
            checked("luna/nota.txt", b"nu e extras".to_vec()),
            checked("alta/b.pdf", PDF.to_vec()),
            checked("c.pdf", PDF.to_vec()),
        ];

        of_folders(&mut inputs, &[Some(0), Some(0), Some(0), Some(0), Some(1), None]);

        let left: Vec<_> = inputs.iter().map(|reports| names(reports)).collect();
        let expected: [&[&str]; 6] =
            [&[], &["luna/extras.sta"], &[], &["luna/nota.txt"], &["alta/b.pdf"], &["c.pdf"]];
        assert_eq!(left, expected);
        let named = "luna/factura.pdf, luna/facturi.zip › a.pdf (each a PDF)";
        assert_eq!(inputs[1][0].warnings, [format!("left out beside it: {named}; {IN_A_PDF}")]);
    }

    #[test]
    fn much_that_is_left_out_is_counted() {
        let statement = statement();
        let pictures: Vec<String> = (1..=12).map(|number| format!("{number}.png")).collect();
        let mut members: Vec<(&str, &[u8])> =
            pictures.iter().map(|name| (name.as_str(), b"\x89PNG".as_slice())).collect();
        members.push(("a.sta", &statement));
        let reports = checked("luna.zip", zip(&members));
        let warning = &reports[0].warnings[0];
        assert!(warning.ends_with(", 9.png, 10.png and 2 more (each a picture)"), "{warning}");
    }
}
