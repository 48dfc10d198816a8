//! Delimited text (CSV) as the csv crate reads it.

use csv::{Reader, ReaderBuilder};

/// Returns a reader of the text that takes no line for a header.
pub(super) fn reader(text: &str, delimiter: u8) -> Reader<&[u8]> {
    let mut builder = ReaderBuilder::new();
    let builder = builder.delimiter(delimiter).has_headers(false).flexible(true);
    builder.from_reader(text.as_bytes())
}
