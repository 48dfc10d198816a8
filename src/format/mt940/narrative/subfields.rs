//! Numbered subfields: `166?00INCASARE?20FACTURA 12?32CLIENT SRL`.
//!
//! German banks invented this, with `?`, a sign that SWIFT allows; Romanian banks write `~`, `+` or
//! `^` instead. Texts contain such signs too. So a sign and two digits are a marker only where the
//! bank has a subfield of that number, and the text has not had this number before.

use std::borrow::Cow;

use super::find;
use super::join::append;
use super::reading;

/// Subfields that one narrative can have: each known number once.
const FIELDS_MAX: usize = 32;

/// Characters of a text subfield; a longer text goes on in the next one, within a word.
const FIELD_LEN: usize = 27;

/// One subfield.
#[derive(Clone, Copy, Default)]
pub(super) struct Field<'t> {
    pub(super) number: u8,
    /// The text as it stands, with its blanks.
    pub(super) text: &'t str,
}

impl Field<'_> {
    /// Returns whether the field says anything: banks fill empty fields of a party with zeros or
    /// `/`.
    fn tells(&self) -> bool {
        let text = self.text.trim();
        let filler = |c: char| matches!(c, '0' | '/' | '.' | '-' | ' ');
        let filled = self.is_party() && text.chars().all(filler);
        !text.is_empty() && !filled
    }

    fn is_party(&self) -> bool {
        matches!(self.number, 30..=38)
    }

    /// Returns what fields are sorted by: posting text and purpose first, then the journal number,
    /// the bank, and the fields of the party.
    fn rank(&self) -> (bool, u8) {
        (matches!(self.number, 1..20 | 30..=59), self.number)
    }
}

/// The subfields of a narrative, in the order a person reads them.
pub(super) struct Subfields<'t> {
    /// The text before the first subfield: the operation's code, or all of a text without
    /// subfields.
    pub(super) code: &'t str,
    fields: [Field<'t>; FIELDS_MAX],
    len: usize,
}

impl<'t> Subfields<'t> {
    /// Splits a text at its markers: each `separator` with a number for which `known` is true.
    /// `known` gets the number of the subfield before, and the number.
    pub(super) fn split(
        text: &'t str,
        separator: char,
        known: impl Fn(Option<u8>, u8) -> bool,
    ) -> Self {
        let mut fields = Self { code: text, fields: [Field::default(); FIELDS_MAX], len: 0 };
        let (mut start, mut before, mut seen) = (0, None, 0_u128);
        // Every separator is a sign of ASCII.
        let sign = u8::try_from(separator).unwrap_or_default();
        for at in memchr::memchr_iter(sign, text.as_bytes()) {
            let content = at + 1;
            let Some(number) = text.get(content..).and_then(number) else {
                continue;
            };
            let bit = 1_u128 << number;
            if seen & bit != 0 || !known(before, number) {
                continue;
            }
            fields.close(text.get(start..at).unwrap_or_default(), before);
            (start, before, seen) = (content + 2, Some(number), seen | bit);
        }
        fields.close(text.get(start..).unwrap_or_default(), before);
        let told = fields.fields.get_mut(..fields.len).unwrap_or_default();
        told.sort_by_key(Field::rank);
        fields
    }

    fn close(&mut self, text: &'t str, number: Option<u8>) {
        match (number, self.fields.get_mut(self.len)) {
            (None, _) => self.code = text,
            (Some(number), Some(slot)) => {
                *slot = Field { number, text };
                self.len += 1;
            }
            // This cannot be: `known` accepts fewer numbers than there are slots.
            (Some(_), None) => {}
        }
    }

    /// Returns whether the text has no subfield.
    pub(super) fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Returns what a subfield holds, trimmed.
    pub(super) fn get(&self, number: u8) -> Option<&'t str> {
        let mut told = self.fields.iter().take(self.len);
        told.find(|field| field.number == number).map(|field| field.text.trim())
    }

    /// Takes a subfield out if `read` finds something in it, and returns what it finds.
    pub(super) fn take<T>(
        &mut self,
        number: u8,
        read: impl FnOnce(&'t str) -> Option<T>,
    ) -> Option<T> {
        let field = self.fields.iter_mut().take(self.len);
        let field = field.into_iter().find(|field| field.number == number)?;
        let found = read(field.text)?;
        field.text = "";
        Some(found)
    }

    /// Takes out the other party's account.
    pub(super) fn take_account(&mut self, number: u8, own: &str) -> Option<Cow<'t, str>> {
        self.take(number, |text| find::account(text, own))
    }

    /// Takes out a fiscal code, where the subfield holds nothing else.
    pub(super) fn take_cui(&mut self, number: u8) -> Option<&'t str> {
        self.take(number, |text| {
            let text = text.trim().trim_start_matches("CUI/CNP");
            find::cui(text).filter(|code| text.trim_end().ends_with(code))
        })
    }

    /// Takes out a name that may go on in a second subfield.
    pub(super) fn take_name(&mut self, number: u8, more: Option<u8>) -> Option<Cow<'t, str>> {
        let name = self.take(number, reading::name)?;
        let more = more.and_then(|number| self.take(number, Some));
        let Some(more) = more.filter(|more| !more.trim().is_empty()) else {
            return Some(name);
        };
        let mut whole = name.into_owned();
        if whole.chars().count() >= FIELD_LEN {
            whole.push_str(more.trim_end());
        } else {
            append(&mut whole, more.trim());
        }
        Some(Cow::Owned(whole))
    }

    /// Returns the code and the subfields that were not taken out, as one text without markers.
    ///
    /// A blank stands between two subfields, unless `glued` says that the text goes on.
    pub(super) fn readable(&self, glued: impl Fn(&Field, &Field) -> bool) -> Cow<'t, str> {
        let code = self.code.trim();
        let code = if code.bytes().all(|b| b == b'0') { "" } else { code };
        let mut told = self.fields.iter().take(self.len).filter(|field| field.tells());
        let Some(first) = told.next() else {
            return Cow::Borrowed(code);
        };
        let mut text = Cow::Borrowed(first.text.trim());
        if !code.is_empty() {
            text = Cow::Owned(format!("{code} {text}"));
        }
        let mut before = first;
        for field in told {
            let whole = text.to_mut();
            if glued(before, field) {
                whole.push_str(field.text.trim_end());
            } else {
                append(whole, field.text.trim());
            }
            before = field;
        }
        text
    }
}

/// Returns whether a text goes on from one subfield to the next: the first is full.
pub(super) fn goes_on(field: &Field, next: &Field) -> bool {
    let follows = next.number == field.number + 1 || (field.number, next.number) == (29, 60);
    follows
        && matches!(next.number, 20..=29 | 60..=65 | 70..=71)
        && field.text.trim_end().chars().count() >= FIELD_LEN
}

/// Returns the separator of a text that begins with subfields, and the code before the separator.
/// Such a text begins with three digits, a sign and two digits, or with the sign and two digits.
pub(super) fn separator(text: &str) -> Option<(char, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (code, rest) = text.split_at_checked(digits)?;
    let sign = rest.chars().next().filter(char::is_ascii_punctuation)?;
    let number = number(rest.get(1..)?)?;
    let begins = matches!(number, 0 | 10 | 20..=29);
    let shape = digits == 3 || (digits == 0 && matches!(sign, '?' | '~' | '^' | '<' | '>'));
    (begins && shape).then_some((sign, code))
}

fn number(text: &str) -> Option<u8> {
    let digits = text.get(..2)?;
    let valid = digits.bytes().all(|b| b.is_ascii_digit());
    valid.then(|| digits.parse().ok())?
}
