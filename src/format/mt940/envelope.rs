//! The lines around a message: SWIFT's blocks `{1:…}{2:…}{3:…}{4:` before it, and what closes it.
//!
//! Many banks write only the text of the message, and half of them close it in their own way: by
//! `-`, `-}` or `}`, each perhaps with 0x03, or by nothing.

use crate::record::Line;

use super::lines::is_invisible;

/// The blocks before a message.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Envelope<'s> {
    /// The line where block 1 stands.
    pub(super) line: Option<Line>,
    /// The first 8 characters of the bank's BIC, from block 1.
    pub(super) bic: Option<&'s str>,
    /// Whether block 2 says MT942.
    pub(super) interim: bool,
}

impl Envelope<'_> {
    /// Returns the envelope without the bank, so that it borrows nothing from the text.
    pub(super) fn without_bank(self) -> Envelope<'static> {
        Envelope { line: self.line, bic: None, interim: self.interim }
    }
}

/// A line that belongs to an envelope: it closes a message, has blocks, or both.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Frame<'s> {
    /// Whether the line closes a message.
    pub(super) closes: bool,
    /// The line's blocks, from the first brace on.
    blocks: Option<&'s str>,
}

impl<'s> Frame<'s> {
    /// Returns the frame that the line is, or `None` where the line is text.
    pub(super) fn read(visible: &'s str) -> Option<Self> {
        let closes = is_closer(visible);
        let rest = visible.strip_prefix("-}").unwrap_or(visible);
        let rest = rest.trim_start_matches(is_invisible);
        // One line may close a message with `{5:…}` and open the next.
        let blocks = ["{1:", "{2:", "{3:", "{4:", "{5:"]
            .iter()
            .any(|block| rest.starts_with(block))
            .then_some(rest);
        (closes || blocks.is_some()).then_some(Self { closes, blocks })
    }

    /// Notes in the envelope what the line's blocks say, and returns whether a new message begins
    /// with them.
    pub(super) fn enter(&self, envelope: &mut Envelope<'s>, line: Line) -> bool {
        let header = self.block("{1:");
        if let Some(header) = header {
            *envelope = Envelope {
                line: Some(line),
                bic: header.get(3..11).filter(|bic| is_bic(bic)),
                interim: false,
            };
        }
        if let Some(kind) = self.block("{2:") {
            envelope.interim = kind.get(1..4) == Some("942");
        }
        header.is_some()
    }

    /// Returns the text behind `{4:` in the line.
    pub(super) fn text_block(&self) -> Option<&'s str> {
        Some(self.block("{4:")?.trim_start_matches(is_invisible))
    }

    fn block(&self, opener: &str) -> Option<&'s str> {
        let blocks = self.blocks?;
        let mut braces = memchr::memchr_iter(b'{', blocks.as_bytes());
        braces.find_map(|at| blocks.get(at..)?.strip_prefix(opener))
    }
}

fn is_closer(visible: &str) -> bool {
    visible.starts_with("-}") || matches!(visible.trim_end_matches(is_invisible), "-" | "}")
}

fn is_bic(bic: &str) -> bool {
    bic.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// Returns whether the line opens an MT940 or an MT942.
pub(super) fn is_statement(visible: &str) -> bool {
    visible.starts_with("{1:F") && (visible.contains("{2:I94") || visible.contains("{2:O94"))
}

/// Returns the text without the line ends, and lines that close a message, at its end.
///
/// `at_signs` says whether lines end in `@@`.
pub(super) fn trimmed(raw: &str, at_signs: bool) -> &str {
    let mut raw = raw;
    loop {
        let text = raw.trim_end_matches(is_invisible);
        let line = text.strip_suffix("@@").filter(|_| at_signs);
        let open = without_closer(line.unwrap_or(text), at_signs);
        raw = match open.or(line) {
            Some(open) => open,
            None => return text,
        };
    }
}

fn without_closer(text: &str, at_signs: bool) -> Option<&str> {
    let last = text.strip_suffix(['-', '}'])?;
    if let Some(open) = without_trailer(text) {
        return Some(open);
    }
    // A dash or a brace closes a message only where it stands alone on a line.
    let alone = last.ends_with(['\n', '\r']) || at_signs && last.ends_with("@@");
    alone.then_some(last)
}

/// Cuts off `-}` and perhaps block 5, which holds no dash.
fn without_trailer(text: &str) -> Option<&str> {
    /// Bytes that are searched for `-}`: a block 5 is shorter. Without this limit, a text with many
    /// closers would take long.
    const BYTES_MAX: usize = 256;
    let from = text.len().saturating_sub(BYTES_MAX);
    let dash = from + memchr::memrchr(b'-', text.as_bytes().get(from..)?)?;
    let (open, closer) = text.split_at_checked(dash)?;
    (closer == "-}" || closer.starts_with("-}{5:")).then_some(open)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_closers_are_cut_off_quickly() {
        let raw = format!(":61:x{}", "@@}@@-".repeat(100_000));
        assert_eq!(trimmed(&raw, true), ":61:x");
    }

    #[test]
    fn the_blocks_tell_bank_and_kind() {
        let line = "{1:F01BTRLRO22AXXX00000000000}{2:I942BTRLRO22XXXXN}{3:{108:x}}{4:\u{1}:20:A";
        let frame = Frame::read(line).unwrap();
        let mut envelope = Envelope::default();
        assert!(frame.enter(&mut envelope, 7));
        assert_eq!(envelope.bic, Some("BTRLRO22"));
        assert_eq!((envelope.line, envelope.interim), (Some(7), true));
        assert_eq!(frame.text_block(), Some(":20:A"));
        assert!(!frame.closes);
    }

    #[test]
    fn one_line_may_close_a_message_and_open_the_next() {
        let frame = Frame::read("-}{5:}\u{3}\u{1}{1:F01POFICHBEAXXX}{4:").unwrap();
        assert!(frame.closes && frame.block("{1:").is_some());
        assert!(Frame::read("-}\u{3}\u{1}{1:F01POFICHBEAXXX}{4:").unwrap().closes);
        assert_eq!(Frame::read("- 20 RON"), None);
        assert_eq!(Frame::read("{ceva}"), None);
    }

    #[test]
    fn closers_after_the_text_are_cut_off_and_dashes_in_it_stay() {
        let cases = [
            (":61:x\r\n:86:y RON  -}\r\n", ":61:x\r\n:86:y RON"),
            (":61:x\n-\n", ":61:x"),
            (":61:x\n}\u{3}\n", ":61:x"),
            (":61:x\n-}{5:{CHK:1}}\n\n", ":61:x"),
            (":61:x@@:86:y@@-@@", ":61:x@@:86:y"),
            (":61:x\n:86:a-b -", ":61:x\n:86:a-b -"),
            (":61:x\n:86:{a}", ":61:x\n:86:{a}"),
            ("-}", ""),
            (":61:x\n:86:a-}b}", ":61:x\n:86:a-}b}"),
        ];
        for (raw, expected) in cases {
            assert_eq!(trimmed(raw, raw.contains("@@:")), expected, "{raw:?}");
        }
    }
}
