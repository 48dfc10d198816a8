//! Zip files whose bytes are the same every time.

use std::io::{self, Cursor, Write};

use chrono::{Datelike, NaiveDate};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Packs files into a zip, in their order, all changed at that hour of that day.
///
/// A day that a zip cannot state (before 1980, after 2107) becomes the first of 1980.
pub(super) fn pack(
    files: &[(&str, &[u8])],
    method: CompressionMethod,
    (day, hour, minute): (NaiveDate, u8, u8),
) -> io::Result<Vec<u8>> {
    let options = SimpleFileOptions::default()
        .compression_method(method)
        .last_modified_time(moment(day, hour, minute).unwrap_or_default());
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, options)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

fn moment(day: NaiveDate, hour: u8, minute: u8) -> Option<DateTime> {
    let year = u16::try_from(day.year()).ok()?;
    let month = u8::try_from(day.month()).ok()?;
    let day = u8::try_from(day.day()).ok()?;
    DateTime::from_date_and_time(year, month, day, hour, minute, 0).ok()
}
