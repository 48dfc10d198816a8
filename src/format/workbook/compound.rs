//! A compound file ([MS-CFB]) → one of its streams: an xls is the stream `Workbook` in such a file.
//!
//! A file is made of sectors; a table has the next sector of each, so a stream is a chain of sectors.
//! Nothing that the file declares is believed: a chain has no more sectors than the file.

use super::xls::u16_at;

/// Numbers from here on are no sector: the end of a chain, a free sector.
const SECTORS_MAX: u32 = 0xffff_fffa;

/// Streams shorter than this stand in the mini stream, in sectors of 64 bytes.
const MINI_BELOW: usize = 4096;

const HEADER_BYTES: usize = 512;
const MINI_SECTOR_BYTES: usize = 64;
const ENTRY_BYTES: usize = 128;

/// Sectors and the table that chains them.
struct Chained<'b> {
    bytes: &'b [u8],
    /// Where the first sector begins.
    first: usize,
    /// Bytes of a sector.
    size: usize,
    /// The next sector of each.
    next: Vec<u32>,
}

impl Chained<'_> {
    /// Returns a sector; the last one of a file may be shorter.
    fn sector(&self, number: u32) -> Option<&[u8]> {
        let start = self.size.checked_mul(number as usize)?.checked_add(self.first)?;
        let rest = self.bytes.get(start..).filter(|rest| !rest.is_empty())?;
        Some(rest.get(..self.size).unwrap_or(rest))
    }

    /// Returns the first `length` bytes of a chain, or all of it where it is shorter.
    fn chain(&self, start: u32, length: usize) -> Result<Vec<u8>, &'static str> {
        let (mut found, mut number, mut steps) = (Vec::new(), start, 0);
        while number < SECTORS_MAX && found.len() < length {
            steps += 1;
            if steps > self.next.len() {
                return Err("its sectors go round in a circle");
            }
            found.extend_from_slice(self.sector(number).ok_or("it is cut off")?);
            number = *self.next.get(number as usize).ok_or("it is cut off")?;
        }
        found.truncate(length);
        Ok(found)
    }
}

/// Returns the stream of one of these names, the first that there is; `None` where there is none.
///
/// # Errors
///
/// A file that is cut off or damaged.
pub(super) fn stream(bytes: &[u8], names: &[&str]) -> Result<Option<Vec<u8>>, &'static str> {
    const DAMAGED: &str = "it is cut off";
    let at = |place| u32_at(bytes, place).ok_or(DAMAGED);
    let sector_bytes = match u16_at(bytes, 30).ok_or(DAMAGED)? {
        9 => 512,
        12 => 4096,
        _ => return Err("its sectors have an unknown size"),
    };
    let mut sectors = Chained {
        bytes,
        first: sector_bytes.max(HEADER_BYTES),
        size: sector_bytes,
        next: Vec::new(),
    };
    sectors.next = table(&sectors)?;
    let directory = sectors.chain(at(48)?, bytes.len())?;
    let (entries, _) = directory.as_chunks::<ENTRY_BYTES>();
    let Some(entry) = names.iter().find_map(|name| entries.iter().find(|it| is_named(it, name)))
    else {
        return Ok(None);
    };
    let (start, length) = place(entry).ok_or(DAMAGED)?;
    let found = if length >= MINI_BELOW {
        sectors.chain(start, length)?
    } else {
        let (root, root_length) = entries.first().and_then(place).ok_or(DAMAGED)?;
        let next = sectors.chain(at(60)?, bytes.len())?;
        let mini = Chained {
            bytes: &sectors.chain(root, root_length)?,
            first: 0,
            size: MINI_SECTOR_BYTES,
            next: numbers(&next).collect(),
        };
        mini.chain(start, length)?
    };
    if found.len() < length { Err(DAMAGED) } else { Ok(Some(found)) }
}

/// Returns the table of the next sectors. The header names the first 109 of its sectors, and a chain of
/// sectors names the others.
fn table(sectors: &Chained<'_>) -> Result<Vec<u32>, &'static str> {
    const NAMED: std::ops::Range<usize> = 76..HEADER_BYTES;
    let sectors_max = sectors.bytes.len() / sectors.size + 1;
    let mut named: Vec<u32> = numbers(sectors.bytes.get(NAMED).ok_or("it is cut off")?).collect();
    let mut further = u32_at(sectors.bytes, 68).ok_or("it is cut off")?;
    let mut walked = 0;
    while further < SECTORS_MAX {
        walked += 1;
        named.extend(numbers(sectors.sector(further).ok_or("it is cut off")?));
        // The last number of such a sector is that of the next one.
        further = named.pop().ok_or("it is cut off")?;
        if walked > sectors_max || named.len() > sectors_max + HEADER_BYTES {
            return Err("its sectors go round in a circle");
        }
    }
    let mut next = Vec::new();
    for number in named.into_iter().filter(|number| *number < SECTORS_MAX).take(sectors_max) {
        next.extend(numbers(sectors.sector(number).ok_or("it is cut off")?));
    }
    // No sector of the table stands for one that the file does not have.
    next.truncate(sectors_max);
    Ok(next)
}

/// Returns whether a stream has this name, whatever its case.
fn is_named(entry: &[u8; ENTRY_BYTES], name: &str) -> bool {
    let letters = numbers16(entry).take_while(|letter| *letter != 0);
    let lower = |letter: u16| u8::try_from(letter).map_or(0, |letter| letter.to_ascii_lowercase());
    letters.map(lower).eq(name.bytes().map(|letter| letter.to_ascii_lowercase()))
}

/// Returns the first sector of a stream, and its length.
fn place(entry: &[u8; ENTRY_BYTES]) -> Option<(u32, usize)> {
    Some((u32_at(entry, 116)?, u32_at(entry, 120)? as usize))
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks().0.iter().map(|number| u32::from_le_bytes(*number))
}

fn numbers16(bytes: &[u8]) -> impl Iterator<Item = u16> {
    bytes.as_chunks().0.iter().map(|number| u16::from_le_bytes(*number))
}

/// Returns the number of four bytes at a place.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|number| u32::from_le_bytes(*number))
}
