//! The formats: content → which kind of file it is, and its reader.
//!
//! A format is one room: it recognises its files by their content and reads them into records. It
//! knows no other format, no row and no database. To remove a format, delete its folder and its
//! line in [`FORMATS`].

mod cell;
mod delimited;
mod easysales;
mod emag;
mod gls;
mod gomag;
mod headers;
mod listed;
mod mt940;
mod netopia;
mod oblio;
mod other;
mod sameday;
#[cfg(test)]
mod testing;
mod workbook;

use crate::fault::Refusal;
use crate::record::Document;
use crate::record::export::HeldImport;
use crate::source::Source;

/// One kind of file.
pub trait Format: Sync {
    /// Returns the name used by `--format` and in reports.
    fn name(&self) -> &'static str;

    /// Returns the word that people use for a file of this kind, such as "statement".
    fn word(&self) -> &'static str;

    /// Returns the kind of export that gives a file of this kind, as the sender's program calls it.
    fn export(&self) -> &'static str;

    /// Returns whether the content is of this kind. Never fails, and reads as little as possible.
    fn recognise(&self, source: &Source) -> bool;

    /// Reads the file into records.
    ///
    /// # Errors
    ///
    /// A file that makes no sense as a whole; a damaged record is kept in the document instead.
    fn read<'s>(&self, source: &'s Source) -> Result<Document<'s>, Refusal>;

    /// Returns the ending and the bytes of a file of this format with the records that an import holds,
    /// each with its reason, which can be imported once they are put right; `None` where that cannot be
    /// written.
    fn export_held(&self, _import: &HeldImport) -> Option<(&'static str, Vec<u8>)> {
        None
    }

    /// Reads the file and hands it to `take` in parts, one after the other, so that not all of a
    /// large file is in memory at once. A format that does not read in parts hands over the whole
    /// document.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read), and the errors of `take`. [`Refusal::NotUtf8`] where the text turns
    /// out not to be plain UTF-8: the parts so far are wrong, and it must be read as a whole.
    fn read_parts(&self, source: &Source, take: &mut Take<'_>) -> Result<(), Refusal> {
        take(self.read(source)?)
    }
}

/// Takes the parts of a document.
pub type Take<'t> = dyn FnMut(Document<'_>) -> Result<(), Refusal> + Send + 't;

/// Every format that vama reads.
pub static FORMATS: [&dyn Format; 8] = [
    &mt940::Mt940,
    &gls::Gls,
    &sameday::Sameday,
    &netopia::Netopia,
    &emag::Emag,
    &gomag::Gomag,
    &easysales::EasySales,
    &oblio::Oblio,
];

/// Returns the one format that recognises the source.
///
/// # Errors
///
/// [`Refusal::UnknownFormat`] where no format does, [`Refusal::Ambiguous`] where two do.
pub fn detect(source: &Source) -> Result<&'static dyn Format, Refusal> {
    let mut claims = FORMATS.iter().filter(|format| format.recognise(source));
    match (claims.next(), claims.next()) {
        (Some(format), None) => Ok(*format),
        (Some(first), Some(second)) => {
            Err(Refusal::Ambiguous { first: first.name(), second: second.name() })
        }
        (None, _) => Err(other::refusal(source)),
    }
}

/// Returns the format of that name.
pub fn by_name(name: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().find(|format| format.name() == name).copied()
}
