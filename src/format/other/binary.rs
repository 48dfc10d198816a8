//! Kinds that are known by their first bytes.

use memchr::memmem;

use super::{Help, Kind};
use crate::format::workbook::{self, Closed};

const PDF: Kind = Kind::new("a PDF", Help::LeaveOutUnlessStatement);
const PICTURE: Kind = Kind::new("a picture", Help::LeaveOut);
const COMPRESSED: Kind = Kind::new("a compressed file", Help::Unpack);
const OUTLOOK_MAIL: Kind = Kind::new(
    "an Outlook mail (.msg)",
    Help::Do("save it as .eml, or save its attachments, and import those"),
);
const LOCKED_DOCUMENT: Kind = Kind::new(
    "an Office document with a password",
    Help::Do("open it, save it without the password, and import that"),
);

const OPEN_DOCUMENT: Kind = Kind::outside(
    "an OpenDocument spreadsheet (.ods)",
    Help::Do("save it as .xlsx, and import that"),
);

const DAMAGED_WORKBOOK: Kind = Kind::outside(
    "an old Excel file (.xls) that is cut off or damaged",
    Help::Do("download it again; if Excel opens it, save it as .xlsx, and import that"),
);

/// Bytes at the beginning of a file of a kind: where they stand, and what they are.
type Signature = (usize, &'static [u8], Kind);

const SIGNATURES: [Signature; 20] = [
    (0, b"\x89PNG", PICTURE),
    (0, b"\xff\xd8\xff", PICTURE),
    (0, b"GIF8", PICTURE),
    (0, b"II*\0", PICTURE),
    (0, b"MM\0*", PICTURE),
    (8, b"WEBPVP8", PICTURE),
    (4, b"ftypheic", PICTURE),
    (4, b"ftypmif1", PICTURE),
    (4, b"ftypavif", PICTURE),
    (0, b"Rar!\x1a\x07", Kind::new("a RAR archive", Help::Unpack)),
    (0, b"7z\xbc\xaf\x27\x1c", Kind::new("a 7z archive", Help::Unpack)),
    (0, b"MSCF\0\0\0\0", Kind::new("a CAB archive", Help::Unpack)),
    (257, b"ustar", Kind::new("a tar archive", Help::Unpack)),
    (0, b"\x1f\x8b\x08", COMPRESSED),
    (0, b"\xfd7zXZ\0", COMPRESSED),
    (0, b"\x28\xb5\x2f\xfd", COMPRESSED),
    (4, b"1AY&SY", COMPRESSED),
    (
        0,
        b"\x78\x9f\x3e\x22",
        Kind::new(
            "an attachment that only Outlook opens (winmail.dat)",
            Help::Do("save what is in it with Outlook, or ask the sender for the files themselves"),
        ),
    ),
    (0, b"{\\rtf", Kind::new("a text document (.rtf)", Help::LeaveOutUnlessStatement)),
    (0, b"SQLite format 3\0", Kind::new("a database file", Help::LeaveOut)),
];

/// The first bytes of a compound file, in which Outlook and old Office programs keep documents.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

/// Returns the kind that the bytes prove.
pub(super) fn kind(bytes: &[u8]) -> Option<Kind> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if text.trim_ascii_start().starts_with(b"%PDF") {
        return Some(PDF);
    }
    let signature = SIGNATURES.iter().find(|(at, signature, _)| {
        bytes.get(*at..).is_some_and(|rest| rest.starts_with(signature))
    });
    let signature = signature.map(|(.., kind)| *kind);
    signature
        .or_else(|| is_bitmap(bytes).then_some(PICTURE))
        .or_else(|| bytes.starts_with(COMPOUND).then(|| of_compound(bytes)).flatten())
        .or_else(|| is_packed(bytes).then(|| of_packed(bytes)).flatten())
}

/// Returns what the bytes look like, where no more is known.
pub(super) fn outside(bytes: &[u8]) -> Option<Kind> {
    const ZEROS_WITHIN: usize = 4096;
    if is_packed(bytes) && memmem::find(bytes, b"opendocument.spreadsheet").is_some() {
        return Some(OPEN_DOCUMENT);
    }
    if is_packed(bytes) {
        return Some(Kind::outside("a workbook or archive of another kind", Help::Export));
    }
    if bytes.starts_with(COMPOUND)
        && ["Workbook", "Book"].iter().any(|name| has_stream(bytes, name))
        && workbook::closed(bytes) == Some(Closed::Damaged)
    {
        return Some(DAMAGED_WORKBOOK);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return Some(Kind::outside("an old Excel or Word file", Help::Export));
    }
    let is_zeros = bytes.iter().take(ZEROS_WITHIN).all(|b| *b == 0);
    is_zeros.then_some(Kind::outside("nothing but zeros", Help::Do("download it again")))
}

/// Returns whether the bytes begin as a Windows bitmap: `BM`, its size, four zeros.
fn is_bitmap(bytes: &[u8]) -> bool {
    bytes.starts_with(b"BM") && bytes.get(6..10) == Some(&[0; 4])
}

fn is_packed(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Returns what a compound file is, by the names of its streams. One that holds a workbook may hold a
/// statement, so no more is said of it.
fn of_compound(bytes: &[u8]) -> Option<Kind> {
    let has = |name| has_stream(bytes, name);
    if has("__properties_version1.0") {
        Some(OUTLOOK_MAIL)
    } else if has("EncryptedPackage") || workbook::closed(bytes) == Some(Closed::Locked) {
        Some(LOCKED_DOCUMENT)
    } else if has("WordDocument") && !has("Workbook") {
        Some(Kind::new("an old Word document (.doc)", Help::LeaveOutUnlessStatement))
    } else {
        None
    }
}

/// Returns whether a compound file names a stream so.
fn has_stream(bytes: &[u8], name: &str) -> bool {
    let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    memmem::find(bytes, &name).is_some()
}

/// Returns what an Office document is, by the names of its parts. A workbook may hold a statement, so
/// no more is said of it.
fn of_packed(bytes: &[u8]) -> Option<Kind> {
    let has = |part: &[u8]| memmem::find(bytes, part).is_some();
    if has(b"xl/workbook") || has(b"opendocument.spreadsheet") {
        None
    } else if has(b"word/document") {
        Some(Kind::new("a Word document", Help::LeaveOutUnlessStatement))
    } else if has(b"ppt/presentation") {
        Some(Kind::new("a presentation", Help::LeaveOut))
    } else if has(b"mimetypeapplication/vnd.oasis.opendocument") {
        Some(Kind::new("an OpenDocument text or picture", Help::LeaveOutUnlessStatement))
    } else {
        None
    }
}
