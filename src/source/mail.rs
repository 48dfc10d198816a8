//! A mail as a folder: each attachment is a file of its own; of an attached zip, each member is.

use std::collections::HashSet;
use std::sync::Arc;

use memchr::{memchr, memmem};

use super::Source;
use super::archive::{self, Archive, Budget, ZipContent};
use super::letter::{self, FIELDS_BYTES_MAX, Letter, Part, refused};
use super::member::{RefusedMember, shown};
use crate::fault::{Refusal, refusal};

/// Bytes that a mail may have: servers pass on mails of up to 25 to 150 MB. The mail is kept in
/// memory, and beside it the attachment that is being read.
pub const MAIL_BYTES_MAX: u64 = 160 * 1024 * 1024;

/// Attachments that a mail may have, those of forwarded mails included: each gets a report.
pub const ATTACHMENTS_MAX: usize = 1_000;

/// Forwarded mails that may be inside one another: each is one more copy in memory.
pub const LETTERS_WITHIN_MAX: usize = 5;

/// Returns whether the bytes begin with the fields of a mail (RFC 5322, 2.2).
///
/// Other texts begin with words and colons too. So a mail must have the field `MIME-Version`, or
/// `From` with an address and one more of the fields that mails have.
pub(crate) fn is_mail(bytes: &[u8]) -> bool {
    let head = bytes.get(..FIELDS_BYTES_MAX).unwrap_or(bytes);
    let head = head.get(letter::start(head)..).unwrap_or_default();
    let (mut is_mime, mut is_from, mut has_address, mut has_more) = (false, false, false, false);
    for (number, line) in head.split_inclusive(|b| *b == b'\n').enumerate() {
        let Some(line) = line.strip_suffix(b"\n") else {
            return false;
        };
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.is_empty() {
            return is_mime || (has_address && has_more);
        }
        if !line.starts_with(b" ") && !line.starts_with(b"\t") {
            let Some(name) = field_name(line) else {
                return false;
            };
            let is = |wanted: &str| name.eq_ignore_ascii_case(wanted.as_bytes());
            is_from = is("From");
            is_mime |= is("MIME-Version");
            has_more |= ["Date", "Message-ID", "Received", "Subject"].into_iter().any(is);
        } else if number == 0 {
            return false;
        }
        has_address |= is_from && line.contains(&b'@');
    }
    false
}

/// Returns the name of a field, if it has only characters that names in use have; the standard
/// allows more.
fn field_name(line: &[u8]) -> Option<&[u8]> {
    let name = line.get(..memchr(b':', line)?)?.trim_ascii_end();
    let is_usual = |b: &u8| b.is_ascii_alphanumeric() || b"-_.".contains(b);
    (!name.is_empty() && name.iter().all(is_usual)).then_some(name)
}

/// Refuses a mail that is too large to be taken into memory.
pub(super) fn check_size(bytes: u64) -> Result<(), Refusal> {
    if bytes <= MAIL_BYTES_MAX {
        return Ok(());
    }
    let (found, max) = (refusal::size(bytes), refusal::size(MAIL_BYTES_MAX));
    Err(refused(format!("has {found}, more than the {max} that are read")))
}

/// Opens a mail; `name` is the path as the user gave it.
pub(super) fn open(name: &str, bytes: Vec<u8>) -> Result<Box<Mail>, Refusal> {
    check_size(bytes.len() as u64)?;
    if is_mailbox(&bytes) {
        return Err(refused("is a mailbox with more than one letter; each is to be a file"));
    }
    let mail = Mail::of(name.to_owned(), Arc::new(Letter::read(bytes)?));
    if mail.again().next().is_none() {
        return Err(refused("has no attachment"));
    }
    Ok(Box::new(mail))
}

/// Returns whether the file is a mailbox of several letters. In a mailbox a line that begins with
/// `From` and a blank stands before each letter.
fn is_mailbox(bytes: &[u8]) -> bool {
    let start = letter::start(bytes);
    let before = bytes.get(..start).unwrap_or_default();
    let rest = bytes.get(start..).unwrap_or_default();
    let is_one = memmem::find(before, b"From ").is_some();
    is_one
        && memmem::find_iter(rest, b"\nFrom ").any(|at| {
            let above = rest.get(..at).unwrap_or_default();
            let next = rest.get(at + 1..).unwrap_or_default();
            let next = next.get(letter::start(next)..).unwrap_or_default();
            let line = next.split(|b| *b == b'\n').next().unwrap_or_default();
            (above.ends_with(b"\n") || above.ends_with(b"\n\r")) && field_name(line).is_some()
        })
}

/// The attachments of a mail, each decoded when it is asked for.
#[derive(Debug)]
pub(super) struct Mail {
    name: String,
    root: Arc<Letter>,
    /// The letters that are being read, each forwarded inside the one before, and for each the
    /// index of its next part.
    open: Vec<(Arc<Letter>, usize)>,
    /// The attached zip that is being read.
    zip: Option<Box<Archive>>,
    budget: Budget,
    names: HashSet<String>,
    attachments: usize,
}

impl Mail {
    fn of(name: String, root: Arc<Letter>) -> Self {
        Self {
            name,
            open: vec![(Arc::clone(&root), 0)],
            root,
            zip: None,
            budget: Budget::default(),
            names: HashSet::new(),
            attachments: 0,
        }
    }

    /// Returns the same mail from its beginning.
    fn again(&self) -> Self {
        Self::of(self.name.clone(), Arc::clone(&self.root))
    }

    /// Returns a name for the attachment that no other attachment of the mail has.
    fn member(&mut self, part: &Part) -> String {
        self.attachments += 1;
        let name = part.name.clone().unwrap_or_else(|| format!("attachment {}", self.attachments));
        let (stem, ending) = match name.rfind('.') {
            Some(dot) if dot > 0 => name.split_at(dot),
            _ => (name.as_str(), ""),
        };
        let numbered = (2..).map(|number| format!("{stem} ({number}){ending}"));
        let mut names = std::iter::once(name.clone()).chain(numbered);
        names.find(|name| self.names.insert(name.clone())).unwrap_or_default()
    }

    /// Reads a part. Returns its source, or `None` where the part is a letter or a zip: then that
    /// is open now, and holds the next sources.
    fn enter(
        &mut self,
        letter: &Letter,
        part: &Part,
        member: &str,
    ) -> Result<Option<Source>, Refusal> {
        if self.attachments > ATTACHMENTS_MAX {
            self.open.clear();
            return Err(refused(format!("has more than {ATTACHMENTS_MAX} attachments")));
        }
        let mut bytes = letter.content(part)?;
        if bytes.is_empty() {
            return Err(Refusal::Empty);
        }
        if part.is_letter || is_mail(&bytes) {
            if self.open.len() > LETTERS_WITHIN_MAX {
                let max = LETTERS_WITHIN_MAX;
                return Err(refused(format!("is inside more than {max} others")));
            }
            self.open.push((Arc::new(Letter::read(bytes)?), 0));
            return Ok(None);
        }
        if archive::is_zip(&bytes) {
            match archive::open(&self.name, Some(member), bytes, &mut self.budget)? {
                ZipContent::Archive(folder) => {
                    self.zip = Some(folder);
                    return Ok(None);
                }
                ZipContent::Document(document) => bytes = document,
            }
        }
        Ok(Some(Source::new(self.name.clone(), Some(member.to_owned()), bytes)))
    }
}

impl Iterator for Mail {
    type Item = Result<Source, RefusedMember>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (letter, next) = self.open.last_mut()?;
            let letter = Arc::clone(letter);
            if let Some(member) = self.zip.as_mut().and_then(|zip| zip.next()) {
                return Some(member.map(|source| source.of_mail(&letter.head)));
            }
            if let Some(zip) = self.zip.take() {
                self.budget = zip.left();
            }
            let Some(part) = letter.part(*next) else {
                self.open.pop();
                continue;
            };
            *next += 1;
            let member = shown(&self.member(part));
            match self.enter(&letter, part, &member) {
                Ok(Some(source)) => return Some(Ok(source.of_mail(&letter.head))),
                Ok(None) => {}
                Err(refusal) => return Some(Err(RefusedMember { member, refusal })),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use proptest::prelude::*;

    use super::*;
    use crate::lab::mail::write;
    use crate::source::Sources;
    use crate::source::testing::zip;

    type Found = (String, Result<Vec<u8>, Refusal>);

    fn found(bytes: &[u8]) -> Vec<Found> {
        let sources = Sources::of_bytes("a.eml", bytes.to_vec()).unwrap();
        let found = sources.map(|source| match source {
            Ok(source) => (source.member().unwrap().into(), Ok(source.bytes().into())),
            Err(refused) => (refused.member, Err(refused.refusal)),
        });
        found.collect()
    }

    fn names(bytes: &[u8]) -> Vec<String> {
        found(bytes).into_iter().map(|(name, _)| name).collect()
    }

    fn refusal(bytes: &[u8]) -> String {
        Sources::of_bytes("a.eml", bytes.to_vec()).unwrap_err().to_string()
    }

    /// Returns a mail of these parts, each with its fields.
    fn mixed(parts: &[&str]) -> Vec<u8> {
        let mut mail =
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n".to_owned();
        for part in parts {
            mail += &format!("--b\n{part}\n");
        }
        (mail + "--b--\n").into_bytes()
    }

    #[test]
    fn a_mail_is_known_by_its_fields_whatever_it_is_called() {
        let mails: [&[u8]; 6] = [
            b"MIME-Version: 1.0\r\n\r\n",
            b"From: <a@b.example>\nDate: now\n\nx",
            b"Received: from x\r\n\tby y\r\nFrom: A\r\n <a@b.example>\r\n\r\n",
            b"From a@b.example Mon Mar  2 20:45:00 2026\nfrom: a@b.example\nsubject: x\n\n",
            b"\xef\xbb\xbf\r\nmime-version : 1.0\r\n\r\nx",
            b"X: 1\nMIME-Version: 1.0\n\n:20:X\n",
        ];
        for mail in mails {
            assert!(is_mail(mail), "{}", String::from_utf8_lossy(mail));
        }
        let others: [&[u8]; 9] = [
            b"",
            b":20:X\r\n:25:Y\r\n\r\n",
            b"{1:F01AAAAROBU}{2:I940}{4:\r\n:20:X\r\n",
            b"From: 01.03.2026\nDate: 31.03.2026\n\n:20:X\n",
            b"From: a@b.example\nTo: x\n\n",
            b"MIME-Version: 1.0",
            b" MIME-Version: 1.0\n\n",
            b"some words: MIME\nMIME-Version: 1.0\n\n",
            b"#,Id,\"Data: x\"\nMIME-Version: 1.0\n\n",
        ];
        for other in others {
            assert!(!is_mail(other), "{}", String::from_utf8_lossy(other));
        }
        let long = format!("MIME-Version: 1.0\nX: {}\n\n", "x".repeat(FIELDS_BYTES_MAX));
        assert!(!is_mail(long.as_bytes()));
    }

    #[test]
    fn no_fixture_is_taken_for_a_mail() {
        let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")];
        let mut seen = 0;
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                seen += 1;
                assert!(!is_mail(&fs::read(&path).unwrap()), "{}", path.display());
            }
        }
        assert!(seen > 100, "{seen}");
    }

    #[test]
    fn the_letter_itself_is_no_file_and_what_is_attached_is() {
        let mail = mixed(&[
            "\nthe letter",
            "Content-Type: text/html\n\n<p>the letter</p>",
            "Content-Type: text/plain; name=a.sta\n\n:20:X",
            "Content-Disposition: attachment\n\n:20:Y",
            "Content-Type: text/csv\nContent-Disposition: inline; filename=\"C:\\\\b\\\\c.csv\"\n\n1;2\n",
            "Content-Type: image/png\nContent-ID: <1>\nContent-Disposition: inline\n\npicture",
            "Content-Type: image/png; name=logo.png\n\npicture",
            "Content-Type: application/pdf\nContent-ID: <2>\n\n%PDF",
            "Content-Type: text/calendar; name=invite.ics\n\nx",
            "Content-Type: application/pkcs7-signature; name=smime.p7s\n\nx",
        ]);

        let whole = |name: &str, bytes: &[u8]| (name.to_owned(), Ok(bytes.to_vec()));
        let expected = [
            whole("a.sta", b":20:X"),
            whole("attachment 2", b":20:Y"),
            whole("c.csv", b"1;2\n"),
            whole("logo.png", b"picture"),
            whole("attachment 5", b"%PDF"),
        ];
        assert_eq!(found(&mail), expected);
    }

    #[test]
    fn names_are_read_in_each_way_that_programs_write_them() {
        let written = [
            "filename*=UTF-8''borderou%20martie%20%C8%99i%20aprilie.xlsx",
            "filename*0=\"borderou martie \";\n filename*1*=UTF-8''%C8%99i%20aprilie.xlsx",
            "filename*0*=UTF-8''borderou%20martie%20%C8;\n filename*1*=%99i%20aprilie.xlsx",
            "filename=\"=?UTF-8?Q?borderou_martie_=C8=99i?=\n =?UTF-8?B?IGFwcmlsaWUueGxzeA==?=\"",
            "filename=\"borderou martie și aprilie.xlsx\"",
            "filename=\"../../borderou martie și\u{7} aprilie.xlsx\"",
        ];
        for name in written {
            let part = format!("Content-Disposition: attachment;\n {name}\n\nx");
            assert_eq!(names(&mixed(&[&part])), ["borderou martie și aprilie.xlsx"], "{name}");
        }
        for name in ["filename=\"\"", "filename=\"..\"", "filename=\"a/\"", "x=y"] {
            let part = format!("Content-Disposition: attachment; {name}\n\nx");
            assert_eq!(names(&mixed(&[&part])), ["attachment 1"], "{name}");
        }
        let long = format!("Content-Disposition: attachment; filename={}\n\nx", "=?".repeat(5_000));
        assert_eq!(names(&mixed(&[&long])), ["=?".repeat(127) + "="]);
    }

    #[test]
    fn a_field_made_to_cost_time_costs_none() {
        let name = "(=?(".repeat(250) + &"?=x".repeat(250);
        let part = format!("Content-Disposition: attachment; filename=\"{name}\"\n\nx");
        let begun = std::time::Instant::now();
        assert_eq!(names(&mixed(&vec![part.as_str(); 200])).len(), 200);
        assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
    }

    #[test]
    fn attachments_of_one_name_are_told_apart() {
        let part = "Content-Disposition: attachment; filename=a.csv\n\nx";
        let other = "Content-Disposition: attachment; filename=\"a (2).csv\"\n\nx";
        let found = names(&mixed(&[part, part, other, part]));
        assert_eq!(found, ["a.csv", "a (2).csv", "a (2) (2).csv", "a (3).csv"]);
    }

    #[test]
    fn a_zip_in_a_mail_is_opened_and_a_workbook_is_a_file() {
        let workbook = zip(&[("[Content_Types].xml", "x"), ("xl/workbook.xml", "y")]);
        let batch = zip(&[("batch.csv", "1"), ("other.csv", "2")]);
        let cut = &batch[..batch.len() - 9];
        let mail = write(
            "zip",
            &[
                ("application/zip", "batch.zip", &batch),
                ("application/zip", "cut.zip", cut),
                ("application/zip", "batch.zip", &batch),
                ("application/zip", "a.xlsx", &workbook),
            ],
        );
        let names = names(&mail);
        let expected = [
            "batch.zip/batch.csv",
            "batch.zip/other.csv",
            "cut.zip",
            "batch (2).zip/batch.csv",
            "batch (2).zip/other.csv",
            "a.xlsx",
        ];
        assert_eq!(names, expected);
        let sources = Sources::of_bytes("a.eml", mail).unwrap();
        let files: Vec<String> = sources.flatten().map(|it| it.file_name().to_owned()).collect();
        assert_eq!(files, ["batch.csv", "other.csv", "batch.csv", "other.csv", "a.xlsx"]);
    }

    #[test]
    fn zips_of_one_mail_share_their_limit() {
        let part = zip(&[("a", "12345")]);
        let mail = write("zip", &[("application/zip", "a.zip", &part), ("a/b", "b.zip", &part)]);
        let mut mail = open("a.eml", mail).unwrap();
        let before = mail.budget.bytes;
        assert!(mail.by_ref().all(|it| it.is_ok()));
        assert_eq!(before - mail.budget.bytes, 10);
    }

    #[test]
    fn a_forwarded_mail_is_opened_as_far_as_one_may_go() {
        let inner = write("inner", &[("text/csv", "a.csv", b"1")]);
        let mut packed = inner.clone();
        for _ in 0..LETTERS_WITHIN_MAX {
            packed = write("outer", &[("message/rfc822", "fwd.eml", &packed)]);
        }
        assert_eq!(found(&packed), [("a.csv".to_owned(), Ok(b"1".to_vec()))]);
        let deeper = write("outer", &[("application/octet-stream", "fwd.eml", &packed)]);
        let found = found(&deeper);
        assert_eq!(found.len(), 1);
        let refused = found[0].1.as_ref().unwrap_err().to_string();
        assert_eq!(refused, "the mail is inside more than 5 others");
    }

    #[test]
    fn a_mail_that_is_one_attachment_is_that_file() {
        let mail = b"MIME-Version: 1.0\nContent-Type: application/zip; name=a.bin\n\
            Content-Transfer-Encoding: BASE64\n\nMTI=\n";
        assert_eq!(found(mail), [("a.bin".to_owned(), Ok(b"12".to_vec()))]);
    }

    #[test]
    fn a_mail_without_attachment_is_refused() {
        for mail in [b"MIME-Version: 1.0\n\nx".to_vec(), mixed(&["\nx"]), mixed(&[])] {
            assert_eq!(refusal(&mail), "the mail has no attachment");
        }
    }

    #[test]
    fn a_mail_cut_short_is_refused_whole() {
        let mail = write("cut", &[("a/b", "a.csv", b"1"), ("a/b", "b.csv", b"2")]);
        let fields = memmem::find(&mail, b"\r\n\r\n").unwrap() + 4;
        for length in fields..mail.len() - 4 {
            assert!(refusal(&mail[..length]).contains("is cut short"), "{length}");
        }
        assert_eq!(found(&mail[..mail.len() - 2]).len(), 2);
    }

    #[test]
    fn an_attachment_that_is_damaged_does_not_stop_the_others() {
        let base64 = "Content-Transfer-Encoding: base64";
        let mail = mixed(&[
            &format!("Content-Type: a/b; name=a\n{base64}\n\nMTI\n"),
            "Content-Type: a/b; name=b\nContent-Transfer-Encoding: x-uue\n\nbegin",
            "Content-Type: a/b; name=c\n\n",
            &format!("Content-Type: a/b; name=d\n{base64}\n\n  MTI=\n"),
        ]);
        let found = found(&mail);
        let error = |index: usize| found[index].1.as_ref().unwrap_err().to_string();
        assert_eq!(error(0), "the mail is damaged: this attachment is not base64 as it says");
        assert!(error(1).contains("transfer encoding that is not read"));
        assert_eq!(found[2].1, Err(Refusal::Empty));
        assert_eq!(found[3].1, Ok(b"12".to_vec()));
    }

    #[test]
    fn a_boundary_that_begins_another_one_ends_nothing() {
        let mail = b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"b\"\n\n--b \n\
            Content-Type: multipart/mixed; boundary=\"b1\"\n\n--b1\nContent-Type: a/b; name=a\n\n\
            1 --b\n--b2\n--b1--\n--b\t\nContent-Type: a/b; name=c\n\n2\n--b--";
        let whole = |name: &str, text: &str| (name.to_owned(), Ok(text.as_bytes().to_vec()));
        assert_eq!(found(mail), [whole("a", "1 --b\n--b2"), whole("c", "2")]);
    }

    #[test]
    fn a_mailbox_of_several_letters_is_refused_since_all_but_one_would_be_lost() {
        let letter = String::from_utf8(mixed(&["Content-Type: a/b; name=a\n\nFrom x\n\nFrom y"]));
        let one = format!("From a@b Mon Mar  2 20:45:00 2026\n{}", letter.unwrap());
        assert_eq!(names(one.as_bytes()), ["a"]);
        let two = format!("{one}\n{one}");
        assert!(refusal(two.as_bytes()).starts_with("the mail is a mailbox"));
    }

    #[test]
    fn a_mail_that_breaks_a_limit_is_refused() {
        let many = vec!["Content-Type: a/b\n\n1"; 1_001];
        assert!(refusal(&mixed(&many)).contains("more than 1000 parts"));
        assert_eq!(names(&mixed(&many[..999])).len(), 999);
        let fields = format!("X: {}\n\n", "x\n ".repeat(FIELDS_BYTES_MAX / 3));
        assert!(refusal(&mixed(&[&fields])).contains("more than 64 KiB of fields"));
        let mut deep = "\nx".to_owned();
        for number in 0..20 {
            let kind = format!("Content-Type: multipart/mixed; boundary=b{number}");
            deep = format!("{kind}\n\n--b{number}\n{deep}\n--b{number}--");
        }
        assert!(refusal(&mixed(&[&deep])).contains("more than 16 inside one another"));
        let too_large = check_size(300 << 20).unwrap_err().to_string();
        assert_eq!(too_large, "the mail has 300.0 MiB, more than the 160.0 MiB that are read");
        let letter = mixed(&many[..600]);
        let forwarded: Vec<_> = (0..2).map(|_| ("message/rfc822", "f", &*letter)).collect();
        let found = found(&write("many", &forwarded));
        let last = found.last().unwrap().1.as_ref().unwrap_err().to_string();
        assert_eq!((found.len(), last.as_str()), (999, "the mail has more than 1000 attachments"));
    }

    proptest! {
        #[test]
        fn no_bytes_make_opening_a_mail_panic(
            bytes in proptest::collection::vec(any::<u8>(), 0..300),
            text in "(Content-(Type|Disposition|Transfer-Encoding): |multipart/|base64|; ?|=\\?|\\?=|\
                name|\\*0?\\*?|=|\"|b|--b|\r?\n|UTF-8|'|%[0-9A-F]|\\PC){0,60}",
        ) {
            for head in ["MIME-Version: 1.0\n", "MIME-Version: 1.0\nContent-Type: multipart/x; boundary=b\n\n--b\n"] {
                for rest in [bytes.as_slice(), text.as_bytes()] {
                    let mail = [head.as_bytes(), rest, b"\n\n--b--\n"].concat();
                    let _ = Sources::of_bytes("any", mail).map(Iterator::count);
                }
            }
        }

        #[test]
        fn no_damage_to_a_mail_makes_opening_panic(
            at in any::<prop::sample::Index>(),
            byte in any::<u8>(),
            end in any::<prop::sample::Index>(),
        ) {
            let inner = write("ș", &[("a/b", "ă ș.csv", b"1;2")]);
            let attached = [("application/zip", "a.zip", &*zip(&[("a", "1")])), ("message/rfc822", "b", &inner)];
            let mut mail = write("ț", &attached);
            let place = at.index(mail.len());
            mail[place] = byte;
            let _ = Sources::of_bytes("any", mail.clone()).map(Iterator::count);
            mail.truncate(end.index(mail.len()));
            let _ = Sources::of_bytes("any", mail).map(Iterator::count);
        }
    }
}
