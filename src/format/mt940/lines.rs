//! Text → lines with their numbers, borrowed.

use crate::record::Line as Number;

/// One line of a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'s> {
    /// Its place in the text, from 1.
    pub(super) number: Number,
    /// The byte where it starts.
    pub(super) start: usize,
    /// What stands in it, without its end.
    pub(super) text: &'s str,
}

impl Line<'_> {
    /// Returns the byte where `tail`, the end of this line, starts.
    pub(super) fn start_of(&self, tail: &str) -> usize {
        self.start + self.text.len().saturating_sub(tail.len())
    }
}

/// The lines of a text: each ends in LF, CRLF or CR, or in `@@` if the first line does.
///
/// German banks once wrote `@@` for every line end of a file; in other files `@@` is text.
#[derive(Debug, Clone)]
pub(super) struct Lines<'s> {
    text: &'s str,
    at: usize,
    number: Number,
    ends_in_at_signs: bool,
}

impl<'s> Lines<'s> {
    /// Starts at the first line of a text.
    pub(super) fn new(text: &'s str) -> Self {
        Self { text, at: 0, number: 0, ends_in_at_signs: first_end_is_at_signs(text.trim_start()) }
    }

    /// Starts in a later part of a text; `lines_before` lines of the text come before it.
    pub(super) fn going_on(text: &'s str, lines_before: Number, end_in_at_signs: bool) -> Self {
        Self { text, at: 0, number: lines_before, ends_in_at_signs: end_in_at_signs }
    }

    /// Returns whether lines end in `@@`.
    pub(super) fn end_in_at_signs(&self) -> bool {
        self.ends_in_at_signs
    }

    /// Returns where the first line's end starts, and where the next line starts.
    fn end(&self, rest: &[u8]) -> (usize, usize) {
        let mut from = 0;
        while let Some(found) = self.find(rest.get(from..).unwrap_or_default()) {
            let at = from + found;
            match rest.get(at..).unwrap_or_default() {
                // `@@@`: the line was cut behind the `@` of an address; the last two are its end.
                [b'@', b'@', b'@', after, ..] if *after != b'@' => from = at + 1,
                [b'\r', b'\n', ..] | [b'@', b'@', ..] => return (at, at + 2),
                [b'@', ..] => from = at + 1,
                _ => return (at, at + 1),
            }
        }
        (rest.len(), rest.len())
    }

    fn find(&self, bytes: &[u8]) -> Option<usize> {
        if self.ends_in_at_signs {
            memchr::memchr3(b'\n', b'\r', b'@', bytes)
        } else {
            memchr::memchr2(b'\n', b'\r', bytes)
        }
    }
}

impl<'s> Iterator for Lines<'s> {
    type Item = Line<'s>;

    fn next(&mut self) -> Option<Line<'s>> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let (end, next) = self.end(rest.as_bytes());
        let start = self.at;
        self.at += next;
        self.number = self.number.saturating_add(1);
        Some(Line { number: self.number, start, text: rest.get(..end)? })
    }
}

fn first_end_is_at_signs(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let Some(at) = memchr::memchr3(b'\n', b'\r', b'@', rest) {
        match rest.get(at..) {
            Some([b'@', b'@', ..]) => return true,
            Some([b'@', after @ ..]) => rest = after,
            _ => return false,
        }
    }
    false
}

/// Returns the line from its first visible character on.
///
/// Mail programs and copying indent lines, and some banks write a start of heading (0x01) or a byte
/// order mark before them.
pub(super) fn visible(text: &str) -> &str {
    match text.as_bytes().first() {
        Some(first) if first.is_ascii_graphic() => text,
        _ => text.trim_start_matches(is_invisible),
    }
}

/// Returns whether a character is invisible: a blank, a control character or a byte order mark.
pub(super) fn is_invisible(c: char) -> bool {
    c.is_whitespace() || c.is_control() || c == '\u{feff}'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(Number, usize, &str)> {
        Lines::new(text).map(|line| (line.number, line.start, line.text)).collect()
    }

    #[test]
    fn every_line_end_counts_one_line() {
        for end in ["\n", "\r\n", "\r", "@@"] {
            let text = [":20:A", ":25:B", "", ":61:C"].map(|line| format!("{line}{end}"));
            let text = text.concat();
            let found = lines(&text);
            let texts: Vec<_> = found.iter().map(|(number, _, text)| (*number, *text)).collect();
            assert_eq!(texts, [(1, ":20:A"), (2, ":25:B"), (3, ""), (4, ":61:C")], "{end:?}");
            assert_eq!(found[1].1, 5 + end.len());
        }
    }

    #[test]
    fn at_signs_in_a_later_line_are_text() {
        assert_eq!(lines(":20:A\n:86:x@@y").last(), Some(&(2, 6, ":86:x@@y")));
        assert_eq!(lines("\r\n:20:A@@:86:a@b@@").last(), Some(&(3, 9, ":86:a@b")));
    }

    #[test]
    fn a_tag_shows_behind_blanks_and_control_characters() {
        assert_eq!(visible("\u{feff}\u{1} \t:61:"), ":61:");
        assert_eq!(visible(" \u{3} "), "");
    }
}
