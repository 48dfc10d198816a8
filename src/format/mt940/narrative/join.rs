//! Lines → one text: the reverse of how the bank cut it.

use std::borrow::Cow;

/// Returns whether a line is full: as long as SWIFT allows (65 characters; some banks write 64).
pub(super) fn full(line: &str) -> bool {
    line.len() >= 64 && (64..=65).contains(&line.chars().count())
}

/// Returns whether a line is cut within a word, for banks whose rule is not known: the line is
/// full, and the next does not begin with a blank.
pub(super) fn cut(line: &str, next: &str) -> bool {
    full(line) && !next.starts_with(' ')
}

/// Returns the lines as one text: with nothing between two lines for which `glued` is true, and one
/// blank between others. Blank lines are left out.
///
/// The text is borrowed where only one line is not blank.
pub(super) fn join<'s>(lines: &[&'s str], glued: impl Fn(&str, &str) -> bool) -> Cow<'s, str> {
    let mut text: Cow<'s, str> = Cow::Borrowed("");
    let mut before = "";
    let mut gap = false;
    let room = lines.iter().map(|line| line.len() + 1).sum();
    for line in lines.iter().copied() {
        if line.trim_start().is_empty() {
            gap = true;
            continue;
        }
        if text.is_empty() {
            text = Cow::Borrowed(line);
        } else {
            push(&mut text, line, room, !gap && glued(before, line));
        }
        (before, gap) = (line, false);
    }
    text
}

fn push(text: &mut Cow<'_, str>, line: &str, room: usize, glued: bool) {
    let joined = owned(text, room);
    if glued {
        joined.push_str(line);
    } else {
        append(joined, line);
    }
}

/// Returns the text as one that can be written to. Where it was borrowed, it is copied into a new
/// one with room for `room` bytes.
pub(super) fn owned<'t>(text: &'t mut Cow<'_, str>, room: usize) -> &'t mut String {
    if let Cow::Borrowed(so_far) = *text {
        let mut grown = String::with_capacity(room.max(so_far.len()));
        grown.push_str(so_far);
        *text = Cow::Owned(grown);
    }
    text.to_mut()
}

/// Appends a part behind one blank.
pub(super) fn append(text: &mut String, part: &str) {
    text.truncate(text.trim_end().len());
    if !text.is_empty() {
        text.push(' ');
    }
    text.push_str(part.trim_start());
}
