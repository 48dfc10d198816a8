//! A workbook as vama wrote it is known from one that somebody has saved since, or that is of others.

use std::io::{Read, Seek};

use zip::{DateTime, ZipArchive};

use super::KEYWORD;

/// The member that has a workbook's properties.
const PROPERTIES: &str = "docProps/core.xml";

/// Bytes that properties have at most.
const BYTES_MAX: u64 = 64 << 10;

/// Returns whether the workbook is of vama, and nobody has saved it since: whoever saves a workbook
/// notes the moment in its properties, or in the zip that it is.
pub fn is_as_written(file: impl Read + Seek) -> bool {
    let Ok(mut archive) = ZipArchive::new(file) else { return false };
    let Some(properties) = properties(&mut archive) else { return false };
    let members = archive.len();
    let mut has_no_moment = |at: usize| {
        let member = archive.by_index_raw(at).ok();
        member.is_some_and(|it| it.last_modified().is_none_or(|it| it == DateTime::default()))
    };
    if !(0..members).all(&mut has_no_moment) {
        return false;
    }
    let of = |name: &str| {
        let (_, behind) = properties.split_once(&format!("<{name}"))?;
        let (_, behind) = behind.split_once('>')?;
        Some(behind.split_once('<')?.0)
    };
    let (created, modified) = (of("dcterms:created"), of("dcterms:modified"));
    of("cp:keywords") == Some(KEYWORD) && created.is_some() && created == modified
}

fn properties(archive: &mut ZipArchive<impl Read + Seek>) -> Option<String> {
    let member = archive.by_name(PROPERTIES).ok()?;
    let mut text = String::new();
    member.take(BYTES_MAX).read_to_string(&mut text).ok()?;
    Some(text)
}
