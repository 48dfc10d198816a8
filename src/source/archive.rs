//! A zip, within limits: bytes are counted while they are unpacked.
//!
//! The sizes that a zip declares may be lies, so no limit trusts them.

use std::io::{self, Cursor, Read, Seek, Write};

use memchr::memmem;
use zip::ZipArchive;
use zip::result::ZipError;

use super::Source;
use super::member::{RefusedMember, shown};
use crate::fault::Refusal;

/// Bytes that all members of one zip may unpack to together: a month of mails has less.
pub const UNPACKED_BYTES_MAX: u64 = 1024 * 1024 * 1024;

/// Members that one zip may have: the list of all takes memory before the first is read.
pub const MEMBERS_MAX: usize = 10_000;

/// How many times its packed size a member may unpack to: real files stay below that, while a zip
/// bomb reaches 1,032 times, the most that deflate can do.
pub const EXPANSION_MAX: u64 = 200;

/// Bytes that a member may always unpack to, however small it is packed: a small file of zeros is
/// no attack.
pub const EXPANSION_FREE_BYTES: u64 = 1024 * 1024;

/// The member that makes a zip an Office document (ECMA-376 part 2, 10.1.2.2).
const WORKBOOK_MARK: &[u8] = b"[Content_Types].xml";

/// Returns whether the bytes start like a zip (APPNOTE 4.3.7; 4.3.16 for a zip without files).
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// What a zip turns out to be.
pub(super) enum ZipContent {
    /// A workbook: one file. All its parts were unpacked once and are within the limits.
    Workbook(Vec<u8>),
    /// A zip of files, each of which is a source.
    Archive(Box<Archive>),
}

/// Opens a zip; `name` is the path as the user gave it, `within` the name of the zip where the zip
/// is an attachment.
///
/// An [`Archive`] takes the whole budget with it, and gives back what is left ([`Archive::left`]).
pub(super) fn open(
    name: &str,
    within: Option<&str>,
    bytes: Vec<u8>,
    budget: &mut Budget,
) -> Result<ZipContent, Refusal> {
    let mut archive = directory(bytes)?;
    if has_workbook_mark(&archive) {
        verify(&mut archive, budget)?;
        return Ok(ZipContent::Workbook(archive.into_inner().into_inner()));
    }
    if (0..archive.len()).all(|index| is_left_out(&archive, index)) {
        return Err(refused("there is no file in it"));
    }
    Ok(ZipContent::Archive(Box::new(Archive {
        name: name.to_owned(),
        within: within.map(str::to_owned),
        archive,
        next: 0,
        budget: std::mem::replace(budget, Budget(0)),
    })))
}

/// A zip as a folder: each member is a file of its own.
#[derive(Debug)]
pub(super) struct Archive {
    name: String,
    /// The zip's name as an attachment, where it came in a mail.
    within: Option<String>,
    archive: ZipArchive<Cursor<Vec<u8>>>,
    next: usize,
    budget: Budget,
}

impl Archive {
    /// Returns what is left of the budget, when all members have been read.
    pub(super) fn left(self) -> Budget {
        self.budget
    }

    fn member(&mut self, index: usize) -> Result<Vec<u8>, Refusal> {
        let mut bytes = Vec::new();
        unpack(&mut self.archive, index, &mut self.budget, &mut bytes)?;
        if bytes.is_empty() {
            return Err(Refusal::Empty);
        }
        if is_zip(&bytes) {
            let mut inner = directory(bytes.as_slice())?;
            if !has_workbook_mark(&inner) {
                return Err(refused("it is a zip inside a zip"));
            }
            verify(&mut inner, &mut self.budget)?;
        }
        Ok(bytes)
    }
}

impl Iterator for Archive {
    type Item = Result<Source, RefusedMember>;

    fn next(&mut self) -> Option<Self::Item> {
        while is_left_out(&self.archive, self.next) {
            self.next += 1;
        }
        let index = self.next;
        let member = shown(&name_of(&self.archive, index)?);
        let member = match &self.within {
            Some(zip) => format!("{zip}/{member}"),
            None => member,
        };
        self.next += 1;
        Some(match self.member(index) {
            Ok(bytes) => Ok(Source::new(self.name.clone(), Some(member), bytes)),
            Err(refusal) => Err(RefusedMember { member, refusal }),
        })
    }
}

/// Parts that a member which is a workbook may have on average: it has about six.
const LISTS_WITHIN_MAX: usize = 50;

/// Reads the list of members.
fn directory<B: AsRef<[u8]>>(bytes: B) -> Result<ZipArchive<Cursor<B>>, Refusal> {
    // Each entry of the list starts with this signature. The signatures are counted before the list
    // is read, so that a hostile list costs little; the count that the zip declares may be a lie. A
    // workbook that is stored in the zip without compression has such signatures of its own.
    let too_many = || refused(format!("it has more than {MEMBERS_MAX} members"));
    let mut entries = memmem::find_iter(bytes.as_ref(), b"PK\x01\x02");
    if entries.nth(MEMBERS_MAX * LISTS_WITHIN_MAX).is_some() {
        return Err(too_many());
    }
    let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|err| refused(zip_words(&err)))?;
    if archive.len() > MEMBERS_MAX {
        return Err(too_many());
    }
    if archive.has_duplicate_names() {
        return Err(refused("two of its members have the same name"));
    }
    Ok(archive)
}

fn has_workbook_mark<R: Read + Seek>(archive: &ZipArchive<R>) -> bool {
    let mut names = archive.file_names_raw();
    names.any(|name| name.eq_ignore_ascii_case(WORKBOOK_MARK))
}

fn name_of<R: Read + Seek>(archive: &ZipArchive<R>, index: usize) -> Option<String> {
    let entry = archive.by_index_data(index).ok()?;
    Some(match entry.name() {
        Ok(name) => name.into_owned(),
        Err(_) => String::from_utf8_lossy(entry.name_raw()).into_owned(),
    })
}

/// Returns whether the member is a folder, or one of the files that macOS adds to every zip:
/// neither holds records.
fn is_left_out<R: Read + Seek>(archive: &ZipArchive<R>, index: usize) -> bool {
    let Ok(entry) = archive.by_index_data(index) else {
        return false;
    };
    let name = entry.name_raw();
    let last = name.rsplit(|b| *b == b'/').next();
    (entry.is_dir() && entry.size() == 0)
        || name.starts_with(b"__MACOSX/")
        || last == Some(b".DS_Store")
}

/// Unpacks every member and throws the bytes away, to know that all are undamaged and within the
/// limits.
fn verify<R: Read + Seek>(archive: &mut ZipArchive<R>, budget: &mut Budget) -> Result<(), Refusal> {
    (0..archive.len()).try_for_each(|index| unpack(archive, index, budget, &mut io::sink()))
}

/// Bytes that may still be unpacked.
#[derive(Debug)]
pub(super) struct Budget(u64);

impl Default for Budget {
    fn default() -> Self {
        Self(UNPACKED_BYTES_MAX)
    }
}

/// Unpacks one member, at most one byte past the lowest limit: by that byte the excess is seen.
fn unpack<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    index: usize,
    budget: &mut Budget,
    sink: &mut impl Write,
) -> Result<(), Refusal> {
    // All members stand before the list of members, so a packed size that reaches past it is a lie.
    let packed_max = archive.central_directory_start();
    let member = archive.by_index(index).map_err(|err| refused(zip_words(&err)))?;
    let packed = member.compressed_size().min(packed_max);
    let expanded = packed.saturating_mul(EXPANSION_MAX);
    let max = expanded.max(EXPANSION_FREE_BYTES).min(budget.0);
    let mut limited = member.take(max + 1);
    let copied = io::copy(&mut limited, sink);
    // What was unpacked of a member counts also where the member is damaged further on.
    let unpacked = max + 1 - limited.limit();
    let over_all = unpacked > budget.0;
    budget.0 = budget.0.saturating_sub(unpacked);
    copied.map_err(|err| refused(damaged(&err)))?;
    if over_all {
        return Err(refused(format!("it unpacks to more than {UNPACKED_BYTES_MAX} bytes in all")));
    }
    if unpacked > max {
        return Err(refused(format!(
            "a member unpacks to more than {EXPANSION_MAX} times its packed size"
        )));
    }
    Ok(())
}

fn refused(reason: impl Into<String>) -> Refusal {
    Refusal::Archive { reason: reason.into() }
}

fn zip_words(err: &ZipError) -> String {
    match err {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            "it is protected by a password".to_owned()
        }
        ZipError::CompressionMethodNotSupported(method) => {
            format!("it is packed by method {method}; only deflate is read")
        }
        // By "EOCD" the crate means that the end of the zip is missing, where its members are
        // listed.
        ZipError::InvalidArchive(why) if why.contains("EOCD") => damaged("its end is missing"),
        ZipError::InvalidArchive(why) => damaged(why),
        other => damaged(other),
    }
}

fn damaged(why: &(impl std::fmt::Display + ?Sized)) -> String {
    format!("it is cut short or damaged ({why})")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;
    use crate::source::testing::{stored, zip};

    type Member = (String, Result<Vec<u8>, Refusal>);

    fn members(bytes: Vec<u8>) -> Vec<Member> {
        let sources = Sources::of_bytes("mails.zip", bytes).unwrap();
        let members = sources.map(|source| match source {
            Ok(source) => (source.member().unwrap().into(), Ok(source.bytes().into())),
            Err(refused) => (refused.member, Err(refused.refusal)),
        });
        members.collect()
    }

    fn reason(refusal: &Refusal) -> &str {
        match refusal {
            Refusal::Archive { reason } => reason,
            other => panic!("{other:?}"),
        }
    }

    fn refusal(bytes: Vec<u8>) -> Refusal {
        Sources::of_bytes("mails.zip", bytes).unwrap_err()
    }

    #[test]
    fn a_bad_member_does_not_stop_the_others() {
        let inner = zip(&[("inside.csv", "x")]);
        let bytes = zip(&[
            ("a.csv", b"1".as_slice()),
            ("zip.zip", &inner),
            ("empty.csv", b""),
            ("../../b.sta", b"2"),
        ]);

        let found = members(bytes);

        assert_eq!(found[0], ("a.csv".into(), Ok(b"1".to_vec())));
        assert_eq!(reason(found[1].1.as_ref().unwrap_err()), "it is a zip inside a zip");
        assert_eq!(found[2], ("empty.csv".into(), Err(Refusal::Empty)));
        assert_eq!(found[3], ("../../b.sta".into(), Ok(b"2".to_vec())));
    }

    #[test]
    fn folders_and_what_macos_adds_are_no_files() {
        let bytes = zip(&[
            ("mails/", ""),
            ("mails/.DS_Store", "x"),
            ("__MACOSX/mails/._a.csv", "x"),
            ("mails/a.csv", "1"),
            ("mails/folder with content/", "2"),
        ]);
        let names: Vec<_> = members(bytes).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["mails/a.csv", "mails/folder with content/"]);

        let nothing = refusal(zip(&[("mails/", "")]));
        assert_eq!(reason(&nothing), "there is no file in it");
        assert_eq!(reason(&refusal(zip::<&str>(&[]))), "there is no file in it");
    }

    #[test]
    fn a_zip_cut_short_is_refused_whole() {
        let whole = zip(&[("a.csv", "1"), ("b.csv", "2")]);
        for length in [4, 10, whole.len() / 2, whole.len() - 1] {
            let refusal = refusal(whole[..length].to_vec());
            assert!(reason(&refusal).starts_with("it is cut short or damaged"), "{refusal}");
        }
    }

    #[test]
    fn a_member_whose_checksum_is_wrong_is_refused() {
        let mut bytes = stored(&[("a.csv", "1234567890"), ("b.csv", "2")]);
        let at = memmem::find(&bytes, b"1234567890").unwrap();
        bytes[at] = b'7';

        let found = members(bytes);

        assert!(reason(found[0].1.as_ref().unwrap_err()).contains("checksum"));
        assert!(found[1].1.is_ok());
    }

    #[test]
    fn a_member_behind_a_password_is_refused_by_that_reason() {
        let mut bytes = stored(&[("secret.csv", "12345678901234567890"), ("b.csv", "2")]);
        // The first bit of the flags, in the member's own header and in the list of members.
        let listed = memmem::find(&bytes, b"PK\x01\x02").unwrap();
        (bytes[6], bytes[listed + 8]) = (bytes[6] | 1, bytes[listed + 8] | 1);

        let found = members(bytes);

        assert_eq!(reason(found[0].1.as_ref().unwrap_err()), "it is protected by a password");
        assert!(found[1].1.is_ok());
    }

    #[test]
    fn a_bomb_is_refused_whatever_size_it_declares() {
        let zeros = vec![0; 3 * 1024 * 1024];
        let mut bytes = zip(&[("bomb.csv", zeros.as_slice()), ("b.csv", b"2")]);
        let bomb = members(bytes.clone()).swap_remove(0).1.unwrap_err();
        assert!(reason(&bomb).contains("200 times"), "{bomb}");
        let listed = memmem::find(&bytes, b"PK\x01\x02").unwrap();
        for declared in [24, 25, 26, 27] {
            bytes[listed + declared] = 0;
        }

        let found = members(bytes);

        assert!(reason(found[0].1.as_ref().unwrap_err()).contains("larger than its declared"));
        assert!(found[1].1.is_ok());
        let workbook = zip(&[("[Content_Types].xml", b"".as_slice()), ("xl/bomb", &zeros)]);
        assert!(reason(&refusal(workbook)).contains("200 times"));
        let small = vec![0; 1024 * 1024];
        assert!(members(zip(&[("zeros.csv", small)]))[0].1.is_ok());
    }

    #[test]
    fn all_members_together_have_one_limit() {
        let bytes = zip(&[("a", "12345"), ("b", "12345"), ("c", "1")]);
        let mut archive = directory(bytes).unwrap();
        let mut budget = Budget(9);
        let mut unpacked = |index| {
            let mut sink = Vec::new();
            unpack(&mut archive, index, &mut budget, &mut sink).map(|()| sink.len())
        };

        assert_eq!(unpacked(0), Ok(5));
        assert!(reason(&unpacked(1).unwrap_err()).contains("in all"));
        assert!(reason(&unpacked(2).unwrap_err()).contains("in all"));
    }

    #[test]
    fn a_zip_of_too_many_members_is_refused() {
        let names: Vec<String> = (0..=MEMBERS_MAX).map(|number| number.to_string()).collect();
        let all: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();

        assert_eq!(reason(&refusal(stored(&all))), "it has more than 10000 members");
        assert_eq!(members(stored(&all[..MEMBERS_MAX])).len(), MEMBERS_MAX);
    }

    #[test]
    fn two_members_of_one_name_are_refused_since_one_would_be_lost() {
        let mut bytes = stored(&[("a.csv", "1"), ("b.csv", "2")]);
        while let Some(at) = memmem::find(&bytes, b"b.csv") {
            bytes[at] = b'a';
        }
        assert_eq!(reason(&refusal(bytes)), "two of its members have the same name");
    }

    #[test]
    fn a_workbook_is_a_file_also_inside_a_zip() {
        let workbook = zip(&[("[Content_Types].xml", "x"), ("xl/workbook.xml", "y")]);
        let mut plain = Sources::of_bytes("a.xlsx", workbook.clone()).unwrap();
        assert_eq!(plain.next().unwrap().unwrap().bytes(), workbook);

        let found = members(zip(&[("a.xlsx", &workbook), ("cut.xlsx", &workbook[..50].to_vec())]));

        assert_eq!(found[0], ("a.xlsx".into(), Ok(workbook)));
        assert!(reason(found[1].1.as_ref().unwrap_err()).starts_with("it is cut short"));
    }
}
