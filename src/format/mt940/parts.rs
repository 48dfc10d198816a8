//! A text → its statements, window by window.

use crate::format::Take;
use crate::record::{Document, Statement};
use crate::refusal::Refusal;
use crate::source::Source;

use super::no_statement;
use super::walk::{Resume, last_window, window};

/// Bytes of a window at most: where no entry ends within so many, it is no statement any more.
const ENTRY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Reads the text in windows of so many bytes, or more where one entry needs them. A window is read
/// while the one before is taken.
pub(super) fn read(
    source: &Source,
    window_bytes: usize,
    take: &mut Take<'_>,
) -> Result<(), Refusal> {
    let mut windows = Windows::new(source, window_bytes);
    let (mut one, mut other) = (Vec::new(), Vec::new());
    let mut now = windows.next(&mut one)?;
    while let Some(statements) = now {
        let (taken, ahead) =
            rayon::join(|| take(Document::Statements(statements)), || windows.next(&mut other));
        taken?;
        let Some(statements) = ahead? else {
            break;
        };
        let (taken, ahead) =
            rayon::join(|| take(Document::Statements(statements)), || windows.next(&mut one));
        taken?;
        now = ahead?;
    }
    if windows.has_statements { Ok(()) } else { Err(no_statement()) }
}

struct Windows<'s> {
    source: &'s Source,
    resume: Resume,
    window_bytes: usize,
    /// Of the next window: more where the last one ended before an entry did.
    length: usize,
    is_done: bool,
    has_statements: bool,
}

impl<'s> Windows<'s> {
    fn new(source: &'s Source, window_bytes: usize) -> Self {
        Self {
            source,
            resume: Resume::default(),
            window_bytes,
            length: window_bytes,
            is_done: false,
            has_statements: false,
        }
    }

    /// Returns the statements of the next window, which may be none, or `None` behind the last.
    fn next<'w>(&mut self, buffer: &'w mut Vec<u8>) -> Result<Option<Vec<Statement<'w>>>, Refusal>
    where
        's: 'w,
    {
        if self.is_done {
            return Ok(None);
        }
        let (text, is_last) = self.source.window(self.resume.at, self.length, buffer)?;
        self.is_done = is_last;
        let statements = match is_last {
            true => last_window(text, &self.resume),
            false => match window(text, &mut self.resume) {
                Some(statements) => {
                    self.length = self.window_bytes;
                    statements
                }
                None if self.length < ENTRY_BYTES_MAX => {
                    self.length *= 2;
                    Vec::new()
                }
                None => {
                    let reason = "behind this line no entry ends within 64 MiB";
                    return Err(Refusal::unreadable(self.resume.line(), reason));
                }
            },
        };
        self.has_statements |= !statements.is_empty();
        Ok(Some(statements))
    }
}
