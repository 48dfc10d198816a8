//! Texts of an xls: a record's own, and the table of texts that cells share ([MS-XLS] 2.4.265,
//! 2.5.293), which goes on over several records.

use std::borrow::Cow;

use encoding_rs::Encoding;

use super::CELLS_MAX;
use super::compound::u32_at;
use super::xls::u16_at;

/// How the texts of a workbook are written.
#[derive(Debug, Clone, Copy)]
pub(super) enum Letters {
    /// Excel 97 and later: UTF-16, or its lower bytes alone.
    Wide,
    /// Excel 5 and 95: a code page.
    Paged(&'static Encoding),
}

impl Letters {
    /// Returns the text of a record that begins with the number of its letters.
    pub(super) fn text(self, record: &[u8]) -> Option<String> {
        let count = usize::from(u16_at(record, 0)?);
        match self {
            Self::Paged(page) => {
                Some(page.decode_without_bom_handling(record.get(2..2 + count)?).0.into_owned())
            }
            Self::Wide => {
                let mut pieces = Pieces::new(vec![record.get(2..)?]);
                let flags = pieces.byte()?;
                pieces.letters(count, flags & WIDE != 0)
            }
        }
    }
}

/// The flag of a text whose letters have two bytes.
const WIDE: u8 = 1;
/// The flag of a text that ends with further bytes.
const EXTENDED: u8 = 4;
/// The flag of a text with styles of its own, four bytes each.
const RICH: u8 = 8;

/// Returns the texts that cells share, from the record's body and those of the records that continue
/// it; `None` where they are cut or too many.
pub(super) fn shared(bodies: Vec<&[u8]>) -> Option<Vec<String>> {
    let mut texts = Vec::new();
    let mut pieces = Pieces::new(bodies);
    // The two counts that it begins with are often wrong, and not needed.
    pieces.skip(8)?;
    while pieces.go_on() && texts.len() < CELLS_MAX {
        let count = usize::from(u16::from_le_bytes([pieces.byte()?, pieces.byte()?]));
        let flags = pieces.byte()?;
        let mut behind = 0;
        if flags & RICH != 0 {
            behind += 4 * usize::from(u16_at(&pieces.bytes::<2>()?, 0)?);
        }
        if flags & EXTENDED != 0 {
            behind += u32_at(&pieces.bytes::<4>()?, 0)? as usize;
        }
        texts.push(pieces.letters(count, flags & WIDE != 0)?);
        pieces.skip(behind)?;
    }
    Some(texts)
}

/// A body that goes on in the next record where one ends.
struct Pieces<'b> {
    rest: &'b [u8],
    further: std::vec::IntoIter<&'b [u8]>,
}

impl<'b> Pieces<'b> {
    fn new(bodies: Vec<&'b [u8]>) -> Self {
        Self { rest: &[], further: bodies.into_iter() }
    }

    /// Goes to the next record where this one is at its end; returns whether there is a byte left.
    fn go_on(&mut self) -> bool {
        while self.rest.is_empty() {
            match self.further.next() {
                Some(next) => self.rest = next,
                None => return false,
            }
        }
        true
    }

    fn byte(&mut self) -> Option<u8> {
        self.go_on();
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let mut found = [0; N];
        for byte in &mut found {
            *byte = self.byte()?;
        }
        Some(found)
    }

    fn skip(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            self.go_on().then_some(())?;
            let step = count.min(self.rest.len());
            self.rest = self.rest.get(step..)?;
            count -= step;
        }
        Some(())
    }

    /// Takes so many letters. Where a record ends within a text, the next one begins with flags again.
    fn letters(&mut self, mut count: usize, mut wide: bool) -> Option<String> {
        let mut text = String::new();
        while count > 0 {
            if self.rest.is_empty() {
                wide = self.byte()? & WIDE != 0;
            }
            let size = if wide { 2 } else { 1 };
            let taken = count.min(self.rest.len() / size);
            let (letters, rest) = self.rest.split_at_checked(taken * size)?;
            // Half a letter at the end of a record is none.
            self.rest = if taken == 0 && size > rest.len() { &[] } else { rest };
            text.push_str(&decoded(letters, wide));
            count -= taken;
        }
        Some(text)
    }
}

fn decoded(letters: &[u8], wide: bool) -> Cow<'_, str> {
    match wide {
        true => encoding_rs::UTF_16LE.decode_without_bom_handling(letters).0,
        // The lower bytes of UTF-16, whose upper ones are zero.
        false => letters.iter().map(|letter| char::from(*letter)).collect::<String>().into(),
    }
}
