//! A text → its statements, window by window.

use crate::fault::Refusal;
use crate::format::Take;
use crate::record::{Document, Statement};
use crate::source::Source;

use super::no_statement;
use super::walk::{Resume, last_window, window};

/// Bytes that a window may have: where no entry ends within so many, the text is no statement.
const ENTRY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Reads the text in windows of `window_bytes`, or more where one entry needs more. While `take`
/// works on a window, the next is read.
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
    /// Bytes of the next window: twice as many where no entry ended in the last one.
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

    /// Returns the statements of the next window, of which there may be none. `None` after the last
    /// window.
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
