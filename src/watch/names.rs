//! Names that are still free.

use std::ffi::{OsStr, OsString};

/// Bytes that a name may have on the file systems in use (POSIX `NAME_MAX`).
const NAME_BYTES_MAX: usize = 255;

/// The ending of a reason's name; it follows the whole name of the reason's file.
const REASON: &str = ".txt";

/// Returns the name; from number 2 on with a counter before its ending, as `extras (2).sta`. A name
/// that is too long loses the end of its stem; `with_reason` leaves room for the ending of the
/// reason's name.
pub(super) fn numbered(name: &OsStr, number: usize, with_reason: bool) -> OsString {
    let counter = if number > 1 { format!(" ({number})") } else { String::new() };
    let (stem, ending) = split(name);
    let reserved = counter.len() + ending.len() + if with_reason { REASON.len() } else { 0 };
    let mut numbered = cut(stem, NAME_BYTES_MAX.saturating_sub(reserved));
    numbered.push(counter);
    numbered.push(ending);
    numbered
}

/// Returns the name of the reason beside the file of that name.
pub(super) fn reason_of(name: &OsStr) -> OsString {
    let mut reason = name.to_owned();
    reason.push(REASON);
    reason
}

/// Splits a name before its last dot. An ending longer than any in use is part of the stem.
fn split(name: &OsStr) -> (&OsStr, &OsStr) {
    const ENDING_BYTES_MAX: usize = 16;
    let path = std::path::Path::new(name);
    match (path.file_stem(), path.extension()) {
        (Some(stem), Some(ending)) if ending.len() < ENDING_BYTES_MAX => {
            // The dot belongs to the ending.
            (stem, tail(name, stem.len()))
        }
        _ => (name, OsStr::new("")),
    }
}

#[cfg(unix)]
fn tail(name: &OsStr, from: usize) -> &OsStr {
    use std::os::unix::ffi::OsStrExt;
    OsStr::from_bytes(name.as_bytes().get(from..).unwrap_or_default())
}

#[cfg(not(unix))]
fn tail(name: &OsStr, from: usize) -> &OsStr {
    OsStr::new(name.to_str().and_then(|name| name.get(from..)).unwrap_or_default())
}

/// Returns the beginning of the name, so many bytes at most, without half a character.
#[cfg(unix)]
fn cut(name: &OsStr, bytes_max: usize) -> OsString {
    use std::os::unix::ffi::{OsStrExt, OsStringExt};
    let bytes = name.as_bytes();
    let mut end = bytes.len().min(bytes_max);
    // Before a byte that continues a character (10xxxxxx) the name must not be cut.
    while end < bytes.len() && bytes.get(end).is_some_and(|b| b & 0xc0 == 0x80) && end > 0 {
        end -= 1;
    }
    OsString::from_vec(bytes.get(..end).unwrap_or_default().to_vec())
}

#[cfg(not(unix))]
fn cut(name: &OsStr, bytes_max: usize) -> OsString {
    let text = name.to_string_lossy();
    let end = text.floor_char_boundary(bytes_max);
    text.get(..end).unwrap_or_default().into()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(name: &str, number: usize, with_reason: bool) -> String {
        numbered(OsStr::new(name), number, with_reason).into_string().unwrap()
    }

    #[test]
    fn a_counter_stands_before_the_ending() {
        assert_eq!(told("extras.sta", 1, true), "extras.sta");
        assert_eq!(told("extras.sta", 2, false), "extras (2).sta");
        assert_eq!(told("extras", 12, false), "extras (12)");
        assert_eq!(told("lot.csv.zip", 2, false), "lot.csv (2).zip");
        assert_eq!(reason_of(OsStr::new("extras.sta")), "extras.sta.txt");
    }

    #[test]
    fn a_long_name_keeps_its_ending_and_leaves_room_for_its_reason() {
        let long = format!("{}.sta", "ț".repeat(125));
        assert_eq!(told(&long, 1, false), long);
        let cut = told(&long, 3, true);
        assert!(cut.ends_with("ț (3).sta"), "{cut}");
        assert!((246..=251).contains(&cut.len()), "{}", cut.len());
    }

    proptest! {
        #[test]
        fn every_name_fits_with_its_counter_and_its_reason(
            bytes in proptest::collection::vec(any::<u8>(), 1..256),
            number in 1_usize..1000,
        ) {
            #[cfg(unix)]
            let name: OsString = std::os::unix::ffi::OsStringExt::from_vec(bytes);
            #[cfg(not(unix))]
            let name = OsString::from(String::from_utf8_lossy(&bytes).into_owned());
            let reason = reason_of(&numbered(&name, number, true));
            prop_assert!(reason.len() <= NAME_BYTES_MAX, "{}", reason.len());
        }
    }
}
