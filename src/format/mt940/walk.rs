//! The lines of a file → messages, and where each entry of them starts and ends.

use crate::record::{Line as Number, Statement};

use super::envelope::{Envelope, Frame, trimmed};
use super::lines::{Line, Lines, visible};
use super::message::Message;
use super::tags::{Tag, tag};

/// Returns the statements of a whole text, one a message.
pub(super) fn statements(text: &str) -> Vec<Statement<'_>> {
    last_window(text, &Resume::default())
}

/// Where and how the walk goes on, through a text that is read window by window.
#[derive(Debug, Default)]
pub(super) struct Resume {
    /// The byte of the text where the next window starts.
    pub(super) at: u64,
    lines_before: Number,
    /// Whether lines end in `@@`; `None` before the first window.
    end_in_at_signs: Option<bool>,
    envelope: Envelope<'static>,
    /// The message that goes on there with its next entry, where the window starts within one.
    message: Option<Message<'static>>,
}

impl Resume {
    /// Returns the line where the next window starts.
    pub(super) fn line(&self) -> Number {
        self.lines_before.saturating_add(1)
    }
}

/// Walks over a window of a text, which starts where `resume` says.
///
/// Returns the window's statements, and sets `resume` to where the next window starts: at the
/// message that the window ends in or, where one message fills the window, at the entry that it
/// ends in. Returns `None`, and leaves `resume` as it is, where not even one entry ends in the
/// window: then a larger window is needed.
pub(super) fn window<'s>(text: &'s str, resume: &mut Resume) -> Option<Vec<Statement<'s>>> {
    let mut walk = Walk::of(text, resume);
    walk.all();
    let (statements, next) = walk.pause()?;
    *resume = next;
    Some(statements)
}

/// Walks over the last window of a text, and returns its statements.
pub(super) fn last_window<'s>(text: &'s str, resume: &Resume) -> Vec<Statement<'s>> {
    let mut walk = Walk { is_last: true, ..Walk::of(text, resume) };
    walk.all();
    walk.finish()
}

/// An entry whose end has not been found yet.
#[derive(Debug, Clone, Copy)]
struct Open {
    start: usize,
    line: Number,
}

/// A line such as `-`, which closes the message unless the message goes on after it.
#[derive(Debug, Clone, Copy)]
struct Closer {
    start: usize,
    /// Whether text stands after it: either more of the narrative, if the line closed nothing, or
    /// text between two messages.
    before_text: bool,
}

struct Walk<'s> {
    text: &'s str,
    /// The byte of the whole file's text where this window starts.
    base: u64,
    lines: Lines<'s>,
    /// The envelope of the next message.
    envelope: Envelope<'s>,
    message: Option<Message<'s>>,
    entry: Option<Open>,
    closer: Option<Closer>,
    /// Whether the last tag was one that stands below the entries.
    is_closed: bool,
    statements: Vec<Statement<'s>>,
    /// Whether the text ends with this window, so that nothing follows.
    is_last: bool,
    /// Whether only the text after the window can say what the last line is.
    is_undecided: bool,
    /// Where the last statement ended: the byte, the lines before it, and the envelope by then.
    cut: Option<(usize, Number, Envelope<'s>)>,
}

impl<'s> Walk<'s> {
    fn new(text: &'s str, lines: Lines<'s>, resume: &Resume) -> Self {
        Self {
            text,
            base: resume.at,
            lines,
            envelope: resume.envelope,
            message: resume.message.clone(),
            entry: None,
            closer: None,
            is_closed: false,
            statements: Vec::new(),
            is_last: false,
            is_undecided: false,
            cut: None,
        }
    }

    fn of(text: &'s str, resume: &Resume) -> Self {
        let lines = match resume.end_in_at_signs {
            Some(at_signs) => Lines::going_on(text, resume.lines_before, at_signs),
            None => Lines::new(text),
        };
        Self::new(text, lines, resume)
    }

    fn all(&mut self) {
        while !self.is_undecided
            && let Some(line) = self.lines.next()
        {
            self.line(&line);
        }
    }

    /// Returns the statements of a window, and where the next window starts.
    fn pause(mut self) -> Option<(Vec<Statement<'s>>, Resume)> {
        let end_in_at_signs = Some(self.lines.end_in_at_signs());
        let resume = |at: usize, lines_before, envelope: Envelope<'_>, message| Resume {
            at: self.base + at as u64,
            lines_before,
            end_in_at_signs,
            envelope: envelope.without_bank(),
            message,
        };
        if let Some((at, lines_before, envelope)) = self.cut {
            return Some((self.statements, resume(at, lines_before, envelope, None)));
        }
        let (entry, message) = (self.entry?, self.message.take()?);
        if !message.has_new_entries() {
            return None;
        }
        let (part, rest) = message.split();
        let next = resume(entry.start, entry.line.saturating_sub(1), self.envelope, Some(rest));
        Some((vec![part], next))
    }

    fn line(&mut self, line: &Line<'s>) {
        let visible = visible(line.text);
        match visible.as_bytes().first() {
            Some(b':') => self.tag_or_text(line, visible),
            Some(b'{' | b'}' | b'-') => match Frame::read(visible) {
                Some(frame) => self.frame(line, &frame),
                None => self.text(),
            },
            Some(_) => self.text(),
            None => {}
        }
    }

    fn text(&mut self) {
        if let Some(closer) = &mut self.closer {
            closer.before_text = true;
        }
    }

    fn frame(&mut self, line: &Line<'s>, frame: &Frame<'s>) {
        if frame.closes && self.closer.is_none_or(|closer| closer.before_text) {
            self.closer = Some(Closer { start: line.start, before_text: false });
        }
        let mut envelope = self.envelope;
        if frame.enter(&mut envelope, line.number) {
            self.end_message(line);
        }
        self.envelope = envelope;
        if let Some(text) = frame.text_block() {
            self.tag_or_text(line, text);
        }
    }

    fn tag_or_text(&mut self, line: &Line<'s>, visible: &'s str) {
        let Some((tag, content)) = tag(visible) else {
            return self.text();
        };
        let in_entries = self.message.as_ref().is_some_and(Message::has_entries);
        let opens = match tag {
            Tag::Reference => self.opens_message(),
            _ => Some(false),
        };
        match opens {
            None => {
                self.is_undecided = true;
                return;
            }
            Some(true) => self.end_message(line),
            Some(false) if tag.is_header() && (in_entries || self.entry.is_some()) => {
                return self.text();
            }
            Some(false) => {}
        }
        self.closer = None;
        match tag {
            Tag::Narrative | Tag::NonSwift => {}
            _ => self.end_entry(line.start),
        }
        let envelope = &mut self.envelope;
        let message =
            self.message.get_or_insert_with(|| Message::new(std::mem::take(envelope), line.number));
        match tag {
            Tag::Entry => {
                self.entry = Some(Open { start: line.start_of(visible), line: line.number });
            }
            Tag::Narrative if self.entry.is_some() => message.narrative(content),
            _ => message.tag(tag, content, line.number),
        }
        self.is_closed = is_below_entries(tag);
    }

    /// Returns whether a `:20:` here opens a message; it may be text, such as a wrapped clock time.
    /// The next tag decides. `None` where the next tag stands behind the window.
    fn opens_message(&self) -> Option<bool> {
        if self.message.is_none() || self.is_closed || self.closer.is_some() {
            return Some(true);
        }
        let next = self.lines.clone().find_map(|line| Some(tag(visible(line.text))?.0));
        match next {
            Some(next) => Some(next.follows_reference()),
            None => self.is_last.then_some(false),
        }
    }

    fn end_entry(&mut self, end: usize) {
        let Some(open) = self.entry.take() else {
            return;
        };
        let raw = self.text.get(open.start..end).unwrap_or_default();
        let raw = trimmed(raw, self.lines.end_in_at_signs());
        if let Some(message) = &mut self.message {
            message.entry(raw, self.base + open.start as u64, open.line);
        }
    }

    fn end_message(&mut self, next: &Line<'s>) {
        if self.close(next.start) {
            self.cut = Some((next.start, next.number.saturating_sub(1), self.envelope));
        }
    }

    /// Closes the message, and returns whether there was one.
    fn close(&mut self, end: usize) -> bool {
        let closer = self.closer.take();
        self.end_entry(closer.map_or(end, |closer| closer.start));
        self.is_closed = false;
        let message = self.message.take();
        let is_one = message.is_some();
        self.statements.extend(message.map(Message::finish));
        is_one
    }

    fn finish(mut self) -> Vec<Statement<'s>> {
        // No message follows, so text behind the last closer belongs to the last entry.
        self.closer = self.closer.filter(|closer| !closer.before_text);
        self.close(self.text.len());
        self.statements
    }
}

fn is_below_entries(tag: Tag) -> bool {
    matches!(tag, Tag::Closing { .. } | Tag::Available | Tag::Debits | Tag::Credits)
}
