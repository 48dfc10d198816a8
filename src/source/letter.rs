//! One letter (a mail, or a mail forwarded in one): which of its parts are files, and their bytes.
//!
//! A library reads fields, names and transfer encodings. The parts are cut apart here, since each
//! limit must hold before a stranger's mail costs memory or time.

use std::ops::Range;
use std::sync::Arc;

use mailparse::body::Body;
use mailparse::{DispositionType, MailHeader, MailHeaderMap, ParsedContentType};
use memchr::{memchr, memmem};

use super::mail_head::MailHead;
use super::member::shown;
use crate::fault::Refusal;

/// Bytes that the fields of a letter or of a part may have: those that servers add take a tenth of
/// that.
pub(super) const FIELDS_BYTES_MAX: usize = 64 * 1024;

/// Bytes and encoded words that a field may have to be decoded: a file name of 255 letters fits.
/// The time to decode grows with the square of the words times the bytes, so a field with more is
/// taken as it is written.
const ENCODED_BYTES_MAX: usize = 2_000;
const ENCODED_WORDS_MAX: usize = 32;

/// Parts that a letter may have: people attach a few dozen files, and each part costs memory.
const PARTS_MAX: usize = 1_000;

/// Parts that may stand inside one another: mail programs need four.
const PARTS_WITHIN_MAX: usize = 16;

/// Characters of a name: what a file system holds.
const NAME_CHARS_MAX: usize = 255;

/// A letter's bytes, what it says of itself, and its parts that are files or forwarded letters.
#[derive(Debug)]
pub(super) struct Letter {
    /// What the letter says of itself.
    pub(super) head: Arc<MailHead>,
    bytes: Vec<u8>,
    parts: Vec<Part>,
}

/// A part of a letter that is a file or a forwarded letter.
#[derive(Debug)]
pub(super) struct Part {
    /// The file's name, without folders and fit to be shown.
    pub(super) name: Option<String>,
    /// Whether the part's type says that it is a letter.
    pub(super) is_letter: bool,
    body: Range<usize>,
    encoding: String,
}

impl Letter {
    /// Finds the parts of a letter.
    ///
    /// # Errors
    ///
    /// A letter that breaks a limit, or whose end is missing: an attachment may be missing too.
    pub(super) fn read(bytes: Vec<u8>) -> Result<Self, Refusal> {
        let mut reader =
            Reader { bytes: &bytes, head: MailHead::default(), parts: Vec::new(), seen: 0 };
        reader.part(start(&bytes)..bytes.len(), Within::default())?;
        let Reader { head, parts, .. } = reader;
        Ok(Self { bytes, head: Arc::new(head), parts })
    }

    /// Returns the part of that index.
    pub(super) fn part(&self, index: usize) -> Option<&Part> {
        self.parts.get(index)
    }

    /// Returns the bytes of a part, its transfer encoding decoded.
    pub(super) fn content(&self, part: &Part) -> Result<Vec<u8>, Refusal> {
        let body = self.bytes.get(part.body.clone()).unwrap_or_default();
        let kind = ParsedContentType::default();
        let encoding = part.encoding.as_str();
        match Body::new(body, &kind, &Some(encoding.to_owned())) {
            Body::Base64(body) | Body::QuotedPrintable(body) => body.get_decoded().map_err(|_| {
                refused(format!("is damaged: this attachment is not {encoding} as it says"))
            }),
            _ if !matches!(encoding, "" | "7bit" | "8bit" | "binary") => {
                Err(refused("has this attachment in a transfer encoding that is not read"))
            }
            _ => Ok(body.to_vec()),
        }
    }
}

/// Returns where the fields begin: behind a byte order mark, blank lines, and the line that a
/// mailbox puts before each letter.
pub(super) fn start(bytes: &[u8]) -> usize {
    let rest = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let blank = rest.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
    let rest = rest.get(blank..).unwrap_or_default();
    let line = if rest.starts_with(b"From ") { line_end(rest, 0) } else { 0 };
    bytes.len() - rest.len() + line
}

/// Returns where the line of that byte ends, its line feed included.
fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    memchr(b'\n', rest).map_or(bytes.len(), |found| at + found + 1)
}

/// What a part stands in: how deep, and in which kind of multipart.
#[derive(Debug, Clone, Copy, Default)]
struct Within {
    depth: usize,
    is_related: bool,
    is_digest: bool,
}

struct Reader<'b> {
    bytes: &'b [u8],
    head: MailHead,
    parts: Vec<Part>,
    seen: usize,
}

impl Reader<'_> {
    fn part(&mut self, range: Range<usize>, within: Within) -> Result<(), Refusal> {
        self.seen += 1;
        if self.seen > PARTS_MAX || within.depth > PARTS_WITHIN_MAX {
            return Err(refused(format!(
                "has more than {PARTS_MAX} parts, or more than {PARTS_WITHIN_MAX} inside one another"
            )));
        }
        let bytes = self.bytes.get(range.clone()).unwrap_or_default();
        let head = bytes.get(..FIELDS_BYTES_MAX).unwrap_or(bytes);
        let (fields, length) = mailparse::parse_headers(head)
            .map_err(|_| refused("is damaged: a part of it begins with no field"))?;
        if length == FIELDS_BYTES_MAX {
            let max = FIELDS_BYTES_MAX / 1024;
            return Err(refused(format!("has a part with more than {max} KiB of fields")));
        }
        if within.depth == 0 {
            self.head = MailHead::of(&fields);
        }
        let body = range.start + length..range.end;
        let kind = kind_of(&fields, within);
        if kind.mimetype.starts_with("multipart/") {
            return self.parts_of(body, &kind, within);
        }
        let disposition = mailparse::parse_content_disposition(&field(&fields, DISPOSITION));
        let named = disposition.params.get("filename").or_else(|| kind.params.get("name"));
        let is_attached = disposition.disposition == DispositionType::Attachment;
        let has_id = !field(&fields, "Content-ID").is_empty();
        let form = Form { is_attached, is_named: named.is_some(), has_id };
        if form.is_file(&kind.mimetype, within) {
            self.parts.push(Part {
                name: named.and_then(|name| last_part(name)),
                is_letter: is_letter(&kind.mimetype),
                body,
                encoding: field(&fields, "Content-Transfer-Encoding").trim().to_ascii_lowercase(),
            });
        }
        Ok(())
    }

    /// Reads the parts inside a part: they stand between the lines of its boundary.
    fn parts_of(
        &mut self,
        body: Range<usize>,
        kind: &ParsedContentType,
        within: Within,
    ) -> Result<(), Refusal> {
        let boundary = kind.params.get("boundary").map(|it| it.trim_end()).unwrap_or_default();
        if boundary.is_empty() {
            return Err(refused("is damaged: it does not say where its parts begin"));
        }
        let (parts, is_closed) = cut(self.bytes, body, boundary);
        // Some programs leave out the last line of an inner part. That does not matter, since the
        // last line of the outermost part proves that nothing is missing.
        if within.depth == 0 && !is_closed {
            return Err(refused("is cut short: the line that ends it is missing"));
        }
        let within = Within {
            depth: within.depth + 1,
            is_related: kind.mimetype == "multipart/related",
            is_digest: kind.mimetype == "multipart/digest",
        };
        parts.into_iter().try_for_each(|part| self.part(part, within))
    }
}

const DISPOSITION: &str = "Content-Disposition";

/// Cuts a body at its delimiter lines (RFC 2046, 5.1.1). Returns the parts, and whether the last
/// delimiter is there. Text before the first and behind the last delimiter means nothing.
fn cut(bytes: &[u8], body: Range<usize>, boundary: &str) -> (Vec<Range<usize>>, bool) {
    let delimiter = format!("--{boundary}");
    let text = bytes.get(..body.end).unwrap_or_default();
    let searched = text.get(body.start..).unwrap_or_default();
    let (mut parts, mut begun) = (Vec::new(), None);
    for found in memmem::find_iter(searched, &delimiter) {
        let at = body.start + found;
        if found > 0 && text.get(at - 1) != Some(&b'\n') {
            continue;
        }
        let end = line_end(text, at);
        let rest = text.get(at + delimiter.len()..end).unwrap_or_default().trim_ascii_end();
        // Another boundary may begin with this one.
        if !matches!(rest, b"" | b"--") {
            continue;
        }
        if let Some(begin) = begun.take() {
            parts.push(begin..without_line_end(text, begin, at));
        }
        if rest == b"--" {
            return (parts, true);
        }
        // These are too many, which `Reader::part` refuses.
        if parts.len() > PARTS_MAX {
            return (parts, true);
        }
        begun = Some(end);
    }
    parts.extend(begun.map(|begin| begin..body.end));
    (parts, false)
}

/// Returns where a part ends: before the line end that belongs to the delimiter after the part.
fn without_line_end(text: &[u8], begin: usize, at: usize) -> usize {
    let part = text.get(begin..at).unwrap_or_default();
    let part = part.strip_suffix(b"\n").unwrap_or(part);
    begin + part.strip_suffix(b"\r").unwrap_or(part).len()
}

fn kind_of(fields: &[MailHeader<'_>], within: Within) -> ParsedContentType {
    let stated = field(fields, "Content-Type");
    let kind = mailparse::parse_content_type(&stated);
    if kind.mimetype.contains('/') {
        return kind;
    }
    let usual = if within.is_digest { "message/rfc822" } else { "text/plain" };
    ParsedContentType { mimetype: usual.to_owned(), ..kind }
}

/// Returns a field's text, its encoded words decoded; of a field that is missing, nothing.
pub(super) fn field(fields: &[MailHeader<'_>], name: &str) -> String {
    let Some(field) = fields.get_first_header(name) else {
        return String::new();
    };
    let raw = field.get_value_raw();
    let count = |mark| memmem::find_iter(raw, mark).take(ENCODED_WORDS_MAX + 1).count();
    let words = count("=?").max(count("?="));
    if words > ENCODED_WORDS_MAX || (words > 0 && raw.len() > ENCODED_BYTES_MAX) {
        return String::from_utf8_lossy(raw).replace(['\r', '\n'], "");
    }
    field.get_value()
}

fn is_letter(kind: &str) -> bool {
    matches!(kind, "message/rfc822" | "message/global")
}

/// How a part is attached.
#[derive(Debug, Clone, Copy)]
struct Form {
    is_attached: bool,
    is_named: bool,
    has_id: bool,
}

impl Form {
    /// Returns whether a part is a file, and not the text of the mail, a signature or an invitation to
    /// a meeting.
    fn is_file(self, kind: &str, within: Within) -> bool {
        match kind {
            "application/pgp-signature"
            | "application/pkcs7-signature"
            | "application/x-pkcs7-signature"
            | "text/calendar"
            | "application/ics" => false,
            "text/plain" | "text/html" => self.is_attached || self.is_named,
            // A picture that the letter shows within its text has an identifier, by which the text
            // refers to the picture. Some programs give an identifier to every attachment.
            kind if kind.starts_with("image/") && self.has_id => {
                self.is_attached && !within.is_related
            }
            kind if is_letter(kind) => true,
            // A server's note about a letter that could not be delivered.
            kind if kind.starts_with("message/") => self.is_attached || self.is_named,
            _ => true,
        }
    }
}

/// Returns the name without folders and fit to be shown, or `None` where nothing is left of it.
fn last_part(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let fit: String = shown(last).trim().chars().take(NAME_CHARS_MAX).collect();
    (!matches!(fit.as_str(), "" | "." | "..")).then_some(fit)
}

pub(super) fn refused(what: impl Into<String>) -> Refusal {
    Refusal::Mail { what: what.into() }
}
