//! Lines of delimited text as the csv crate reads them, and their cells.

use csv::{Reader, ReaderBuilder};

/// Returns a reader of the text that takes no line for a header.
pub(super) fn reader(text: &str, delimiter: u8) -> Reader<&[u8]> {
    let mut builder = ReaderBuilder::new();
    let builder = builder.delimiter(delimiter).has_headers(false).flexible(true);
    builder.from_reader(text.as_bytes())
}

/// Returns the cell without blanks around it; nearly no cell has any.
pub(super) fn trimmed(cell: &str) -> &str {
    match cell.as_bytes() {
        [] => cell,
        [first, .., last] | [first @ last]
            if first.is_ascii_graphic() && last.is_ascii_graphic() =>
        {
            cell
        }
        _ => cell.trim(),
    }
}
