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

/// Zips that may stand inside another one: a month that was packed together holds Netopia's
/// `.csv.zip`. The limits are counted over both.
const ZIPS_WITHIN_MAX: usize = 1;

/// The member that makes a zip an Office document (ECMA-376 part 2, 10.1.2.2).
const OFFICE_MARK: &[u8] = b"[Content_Types].xml";

/// The members that make a zip an OpenDocument (ODF 1.3 part 2, 3.1).
const OPEN_DOCUMENT_MARKS: [&[u8]; 3] = [b"mimetype", b"META-INF/manifest.xml", b"content.xml"];

/// Returns whether the bytes start like a zip (APPNOTE 4.3.7; 4.3.16 for a zip without files).
pub(super) fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// What a zip turns out to be.
pub(super) enum ZipContent {
    /// A workbook or another document: one file. All its parts were unpacked once and are within
    /// the limits.
    Document(Vec<u8>),
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
    open_at(0, name, within, bytes, budget)
}

/// Opens a zip that stands inside so many others.
fn open_at(
    depth: usize,
    name: &str,
    within: Option<&str>,
    bytes: Vec<u8>,
    budget: &mut Budget,
) -> Result<ZipContent, Refusal> {
    let mut archive = directory(bytes)?;
    if is_document(&archive) {
        verify(&mut archive, budget)?;
        return Ok(ZipContent::Document(archive.into_inner().into_inner()));
    }
    if depth > ZIPS_WITHIN_MAX {
        return Err(refused("it is a zip inside a zip inside a zip"));
    }
    let files: Vec<usize> =
        (0..archive.len()).filter(|index| !is_left_out(&archive, *index)).collect();
    if files.is_empty() {
        return Err(refused("there is no file in it"));
    }
    if files.iter().all(|index| is_encrypted(&archive, *index)) {
        return Err(Refusal::locked("a zip with a password"));
    }
    budget.take_members(archive.len())?;
    Ok(ZipContent::Archive(Box::new(Archive {
        depth,
        name: name.to_owned(),
        within: within.map(str::to_owned),
        archive,
        next: 0,
        inner: None,
        budget: std::mem::replace(budget, Budget::NONE),
    })))
}

/// A zip as a folder: each member is a file of its own.
#[derive(Debug)]
pub(super) struct Archive {
    /// How many zips it stands inside of.
    depth: usize,
    name: String,
    /// The zip's own name, where it came in a mail or in another zip.
    within: Option<String>,
    archive: ZipArchive<Cursor<Vec<u8>>>,
    next: usize,
    /// The zip in this one that is being read, which has the budget meanwhile.
    inner: Option<Box<Archive>>,
    budget: Budget,
}

impl Archive {
    /// Returns what is left of the budget, when all members have been read.
    pub(super) fn left(self) -> Budget {
        self.budget
    }

    /// Reads a member. Returns its source, or `None` where the member is a zip: then that is open
    /// now, and holds the next sources.
    fn enter(&mut self, index: usize, member: &str) -> Result<Option<Source>, Refusal> {
        let mut bytes = Vec::new();
        unpack(&mut self.archive, index, &mut self.budget, &mut bytes)?;
        if bytes.is_empty() {
            return Err(Refusal::Empty);
        }
        if is_zip(&bytes) {
            let (depth, within) = (self.depth + 1, Some(member));
            match open_at(depth, &self.name, within, bytes, &mut self.budget)? {
                ZipContent::Archive(folder) => {
                    self.inner = Some(folder);
                    return Ok(None);
                }
                ZipContent::Document(document) => bytes = document,
            }
        }
        Ok(Some(Source::new(self.name.clone(), Some(member.to_owned()), bytes)))
    }
}

impl Iterator for Archive {
    type Item = Result<Source, RefusedMember>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(member) = self.inner.as_mut().and_then(|inner| inner.next()) {
                return Some(member);
            }
            if let Some(inner) = self.inner.take() {
                self.budget = inner.left();
            }
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
            match self.enter(index, &member) {
                Ok(Some(source)) => return Some(Ok(source)),
                Ok(None) => {}
                Err(refusal) => return Some(Err(RefusedMember { member, refusal })),
            }
        }
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

/// Returns whether a zip is a document of an office program, and not a zip of files.
fn is_document<R: Read + Seek>(archive: &ZipArchive<R>) -> bool {
    let has = |mark: &[u8]| archive.file_names_raw().any(|name| name.eq_ignore_ascii_case(mark));
    has(OFFICE_MARK) || OPEN_DOCUMENT_MARKS.into_iter().all(has)
}

fn is_encrypted<R: Read + Seek>(archive: &ZipArchive<R>, index: usize) -> bool {
    archive.by_index_data(index).is_ok_and(|entry| entry.encrypted())
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

/// What may still be unpacked.
#[derive(Debug)]
pub(super) struct Budget {
    /// Bytes, over all zips.
    pub(super) bytes: u64,
    /// Members, over all zips.
    members: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self { bytes: UNPACKED_BYTES_MAX, members: MEMBERS_MAX }
    }
}

impl Budget {
    /// What is left while a zip that was opened has the budget.
    const NONE: Self = Self { bytes: 0, members: 0 };

    fn take_members(&mut self, count: usize) -> Result<(), Refusal> {
        let left = self.members.checked_sub(count);
        self.members = left.ok_or_else(|| {
            refused(format!("with the zips before it, it has more than {MEMBERS_MAX} members"))
        })?;
        Ok(())
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
    if is_encrypted(archive, index) {
        return Err(Refusal::locked("a file with a password"));
    }
    let member = archive.by_index(index).map_err(|err| refused(zip_words(&err)))?;
    let packed = member.compressed_size().min(packed_max);
    let expanded = packed.saturating_mul(EXPANSION_MAX);
    let max = expanded.max(EXPANSION_FREE_BYTES).min(budget.bytes);
    let mut limited = member.take(max + 1);
    let copied = io::copy(&mut limited, sink);
    // What was unpacked of a member counts also where the member is damaged further on.
    let unpacked = max + 1 - limited.limit();
    let over_all = unpacked > budget.bytes;
    budget.bytes = budget.bytes.saturating_sub(unpacked);
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
        let cut = &zip(&[("inside.csv", "x")])[..50];
        let bytes = zip(&[
            ("a.csv", b"1".as_slice()),
            ("zip.zip", cut),
            ("empty.csv", b""),
            ("../../b.sta", b"2"),
        ]);

        let found = members(bytes);

        assert_eq!(found[0], ("a.csv".into(), Ok(b"1".to_vec())));
        assert!(reason(found[1].1.as_ref().unwrap_err()).starts_with("it is cut short"));
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

        assert_eq!(found[0].1, Err(Refusal::locked("a file with a password")));
        assert!(found[1].1.is_ok());
    }

    #[test]
    fn a_zip_of_which_all_is_behind_a_password_is_told_as_one() {
        let mut bytes = stored(&[("secret.csv", "12345678901234567890")]);
        let listed = memmem::find(&bytes, b"PK\x01\x02").unwrap();
        (bytes[6], bytes[listed + 8]) = (bytes[6] | 1, bytes[listed + 8] | 1);

        let told = refusal(bytes);

        assert_eq!(told, Refusal::locked("a zip with a password"));
        assert!(told.advice().starts_with("unpack it with its password"));
    }

    fn names(bytes: Vec<u8>) -> Vec<String> {
        members(bytes).into_iter().map(|(name, _)| name).collect()
    }

    #[test]
    fn a_zip_in_a_zip_is_opened_once_more_and_a_further_one_is_refused() {
        let deepest = zip(&[("deep.csv", "x")]);
        let workbook = zip(&[("[Content_Types].xml", "x"), ("xl/workbook.xml", "y")]);
        let bank =
            zip(&[("march.sta", b"1".as_slice()), ("deep.zip", &deepest), ("a.xlsx", &workbook)]);
        let month =
            zip(&[("bank.zip", bank.as_slice()), ("b.csv", b"2"), ("more/bank.zip", &bank)]);

        let found = members(month.clone());

        let expected = [
            "bank.zip/march.sta",
            "bank.zip/deep.zip",
            "bank.zip/a.xlsx",
            "b.csv",
            "more/bank.zip/march.sta",
            "more/bank.zip/deep.zip",
            "more/bank.zip/a.xlsx",
        ];
        assert_eq!(names(month), expected);
        assert_eq!(found[0].1, Ok(b"1".to_vec()));
        let deep = found[1].1.as_ref().unwrap_err();
        assert_eq!(reason(deep), "it is a zip inside a zip inside a zip");
        assert!(deep.advice().contains("unpack it"));
        assert_eq!(found[2].1, Ok(workbook));
    }

    #[test]
    fn zips_inside_one_another_share_their_limits() {
        let inner = zip(&[("a", "12345"), ("b", "12345")]);
        let month = zip(&[("one.zip", inner.as_slice()), ("two.zip", &inner), ("c", b"1")]);
        let opened = open("month.zip", None, month, &mut Budget::default()).unwrap();
        let ZipContent::Archive(mut folder) = opened else { panic!() };

        assert!(folder.by_ref().all(|member| member.is_ok()));

        let left = folder.left();
        let used = 2 * inner.len() as u64 + 21;
        assert_eq!(left.bytes, UNPACKED_BYTES_MAX - used);
        assert_eq!(left.members, MEMBERS_MAX - 7);
    }

    #[test]
    fn too_many_members_of_all_zips_together_are_refused() {
        let names: Vec<String> = (0..MEMBERS_MAX / 2).map(|number| number.to_string()).collect();
        let all: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "x")).collect();
        let half = stored(&all);
        let found = members(stored(&[("one.zip", half.as_slice()), ("two.zip", &half)]));

        assert_eq!(found.len(), MEMBERS_MAX / 2 + 1);
        let last = found.last().unwrap();
        assert_eq!(last.0, "two.zip");
        assert!(reason(last.1.as_ref().unwrap_err()).contains("more than 10000 members"));
    }

    #[test]
    fn a_bomb_in_a_zip_in_a_zip_is_refused() {
        let zeros = vec![0; 3 * 1024 * 1024];
        let bomb = stored(&[("bomb.zip", zip(&[("zeros.csv", zeros)]))]);
        let found = members(bomb);
        assert_eq!(found[0].0, "bomb.zip/zeros.csv");
        assert!(reason(found[0].1.as_ref().unwrap_err()).contains("200 times"));
    }

    #[test]
    fn an_open_document_is_a_file() {
        let sheet = zip(&[
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", "x"),
            ("META-INF/manifest.xml", "y"),
        ]);
        let mut opened = Sources::of_bytes("a.ods", sheet.clone()).unwrap();
        assert_eq!(opened.next().unwrap().unwrap().bytes(), sheet);
        assert!(opened.next().is_none());
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
        let mut budget = Budget { bytes: 9, members: 3 };
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
