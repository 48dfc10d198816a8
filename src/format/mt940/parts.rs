//! A large file → its statements, window by window.

use crate::format::Take;
use crate::record::Document;
use crate::refusal::Refusal;
use crate::source::Source;

use super::no_statement;
use super::walk::{Resume, last_window, window};

/// Reads the text in windows of so many bytes, or more where one entry needs them.
pub(super) fn read(
    source: &Source,
    window_bytes: usize,
    take: &mut Take<'_>,
) -> Result<(), Refusal> {
    let (mut resume, mut length, mut found) = (Resume::default(), window_bytes, false);
    let mut buffer = Vec::new();
    loop {
        let (text, is_last) = source.window(resume.at, length, &mut buffer)?;
        let statements = match is_last {
            true => last_window(text, &resume),
            false => match window(text, &mut resume) {
                Some(statements) => statements,
                None => {
                    length *= 2;
                    continue;
                }
            },
        };
        found |= !statements.is_empty();
        take(Document::Statements(statements))?;
        if is_last {
            return if found { Ok(()) } else { Err(no_statement()) };
        }
        length = window_bytes;
    }
}
