//! Which lines begin with a tag.
//!
//! Banks cut text at a column, so that a line may begin within a clock time: `:12:11`, `:20:45`. So
//! the number alone does not make a tag; the text behind it must have the shape of that tag's
//! content. Only `:61:` and `:86:` are tags whatever follows.

/// What a tag says (SWIFT MT940 and MT942).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tag {
    /// `:20:`, which opens a message.
    Reference,
    /// `:21:`.
    Related,
    /// `:25:` and `:25P:`.
    Account,
    /// `:28C:` and `:28:`.
    Number,
    /// `:60F:`, and `:60M:` on a further page.
    Opening { intermediate: bool },
    /// `:61:`.
    Entry,
    /// `:86:`.
    Narrative,
    /// `:62F:`, and `:62M:` where a page follows.
    Closing { intermediate: bool },
    /// `:64:`, `:65:`, and `:65F:` of a Dutch bank: balances that no check needs.
    Available,
    /// `:13D:`.
    Moment,
    /// `:34F:`.
    Floor,
    /// `:90D:`.
    Debits,
    /// `:90C:`.
    Credits,
    /// `:NS:` of the German and Raiffeisen banks: owner, account's name or an entry's details.
    NonSwift,
}

impl Tag {
    /// Returns whether the tag stands only above the entries. Below the first entry such a line is
    /// text.
    pub(super) fn is_header(self) -> bool {
        use Tag::{Account, Floor, Moment, Number, Reference, Related};
        matches!(self, Reference | Related | Account | Number | Moment | Floor)
    }

    /// Returns whether the tag may follow the `:20:` of a new message.
    pub(super) fn follows_reference(self) -> bool {
        let header = self.is_header() && self != Self::Reference;
        header || matches!(self, Self::Opening { .. } | Self::NonSwift)
    }
}

/// Returns the tag that a line begins with, and what follows it.
pub(super) fn tag(visible: &str) -> Option<(Tag, &str)> {
    // Nearly all tags are one of these two, whose content may have any shape.
    match visible.as_bytes() {
        [b':', b'6', b'1', b':', ..] => return Some((Tag::Entry, visible.get(4..)?)),
        [b':', b'8', b'6', b':', ..] => return Some((Tag::Narrative, visible.get(4..)?)),
        _ => {}
    }
    let (number, content) = split(visible)?;
    let tag = match number {
        "20" => Tag::Reference,
        "21" => Tag::Related,
        "25" | "25P" => Tag::Account,
        "28" | "28C" => Tag::Number,
        "60F" | "60M" => Tag::Opening { intermediate: number == "60M" },
        "61" => Tag::Entry,
        "86" => Tag::Narrative,
        "62F" | "62M" => Tag::Closing { intermediate: number == "62M" },
        "64" | "65" | "65F" => Tag::Available,
        "13D" => Tag::Moment,
        "34F" => Tag::Floor,
        "90D" => Tag::Debits,
        "90C" => Tag::Credits,
        "NS" => Tag::NonSwift,
        _ => return None,
    };
    (number == "65F" || has_shape(tag, content)).then_some((tag, content))
}

fn split(visible: &str) -> Option<(&str, &str)> {
    let rest = visible.strip_prefix(':')?;
    let end = rest.bytes().take(4).position(|b| b == b':')?;
    Some((rest.get(..end)?, rest.get(end + 1..)?))
}

/// Returns whether the content has the shape of the tag's content. It is checked just enough to
/// tell a tag from wrapped text.
fn has_shape(tag: Tag, content: &str) -> bool {
    let content = content.trim();
    match tag {
        Tag::Account => !content.is_empty(),
        Tag::Number | Tag::Debits | Tag::Credits => leading(content, u8::is_ascii_digit) >= 1,
        Tag::Moment => leading(content, u8::is_ascii_digit) >= 6,
        Tag::Floor => leading(content, u8::is_ascii_alphabetic) >= 3,
        Tag::Available => is_balance(content),
        // No clock time looks like `:62F:`, and a message ends also at a balance that cannot be
        // read.
        Tag::Opening { .. } | Tag::Closing { .. } => true,
        Tag::Reference | Tag::Related | Tag::Entry | Tag::Narrative | Tag::NonSwift => true,
    }
}

/// Returns whether the line is a tag without doubt, so that its file is a statement.
pub(super) fn is_certain(visible: &str) -> bool {
    let Some((tag, content)) = tag(visible) else {
        return false;
    };
    let content = content.trim();
    match tag {
        Tag::Entry => is_entry(content),
        Tag::Opening { .. } | Tag::Closing { .. } | Tag::Available => is_balance(content),
        Tag::Account => is_account(content),
        Tag::Number => visible.starts_with(":28C:"),
        Tag::Debits | Tag::Credits | Tag::Moment | Tag::Floor => true,
        Tag::Reference | Tag::Related | Tag::Narrative | Tag::NonSwift => false,
    }
}

fn is_balance(content: &str) -> bool {
    let date = content.trim_start_matches(['C', 'D', 'c', 'd']);
    let rest = date.trim_start_matches(|c: char| c.is_ascii_digit());
    date.len() + 1 == content.len()
        && date.len() == rest.len() + 6
        && leading(rest, u8::is_ascii_alphabetic) >= 3
}

fn is_entry(content: &str) -> bool {
    let rest = content.trim_start_matches(|c: char| c.is_ascii_digit());
    matches!(content.len() - rest.len(), 6 | 10)
        && rest.trim_start().starts_with(['C', 'D', 'R', 'E', 'c', 'd', 'r', 'e'])
}

fn is_account(content: &str) -> bool {
    let digits = content.bytes().filter(u8::is_ascii_digit).count();
    let known = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b" /.-".contains(&b);
    digits >= 6 && content.bytes().all(known)
}

fn leading(content: &str, is: fn(&u8) -> bool) -> usize {
    content.bytes().take_while(is).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_time_is_text() {
        for text in [":12:11", ":26:37 Fo?25lgenr", ":45: rest", ":64:12", ":28: zile", "::", ":6"]
        {
            assert_eq!(tag(text), None, "{text}");
        }
        assert_eq!(tag(":62FC260131RON110,00"), None);
    }

    #[test]
    fn a_tag_is_known_by_number_and_shape() {
        assert_eq!(tag(":64:C260131RON1,"), Some((Tag::Available, "C260131RON1,")));
        assert_eq!(tag(":65F:Dnullnull7,3"), Some((Tag::Available, "Dnullnull7,3")));
        assert_eq!(tag(":61:garbage"), Some((Tag::Entry, "garbage")));
        let page = Tag::Closing { intermediate: true };
        assert_eq!(tag(":62M:C020315105000,00"), Some((page, "C020315105000,00")));
    }

    #[test]
    fn prose_is_not_certainly_a_statement() {
        for text in [":20:45 rest", ":86:091", ":61:garbage", ":25:30 de minute", ":28:30", "1"] {
            assert!(!is_certain(text), "{text}");
        }
        let certain = [
            ":61:2601050105C10,00",
            ":61:260105    D1",
            ":60F:C260101RON0,",
            ":25:51210600/9223382012EUR",
            ":34F:EURD0,00",
        ];
        for text in certain {
            assert!(is_certain(text), "{text}");
        }
    }
}
