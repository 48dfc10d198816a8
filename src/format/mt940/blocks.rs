//! The raw text of an entry → its lines.

use super::lines::{Lines, visible};

/// The lines of one entry, without their ends and with all their blanks.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Blocks<'s> {
    /// The line of `:61:`, its tag included.
    pub(crate) entry_line: &'s str,
    /// The lines between `:61:` and the first `:86:`: supplementary details, or a block `:NS:` with
    /// its tag.
    pub(crate) supplementary: Vec<&'s str>,
    /// The lines of every `:86:`, one after the other, without the tags.
    pub(crate) narrative: Vec<&'s str>,
}

/// Cuts the raw text of an entry ([`crate::record::Entry::raw`]) into its lines.
pub(crate) fn blocks(raw: &str) -> Blocks<'_> {
    let mut lines = Lines::new(raw).map(|line| line.text);
    let mut blocks = Blocks { entry_line: lines.next().unwrap_or_default(), ..Blocks::default() };
    let mut in_narrative = false;
    for line in lines {
        let content = visible(line).strip_prefix(":86:");
        in_narrative |= content.is_some();
        if in_narrative {
            blocks.narrative.push(content.unwrap_or(line));
        } else {
            blocks.supplementary.push(line);
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_falls_into_its_line_its_details_and_its_narrative() {
        for end in ["\n", "\r\n", "\r", "@@"] {
            let raw = [":61:26C1,", "a ", "", " :86:b ", " c", "", ":86:", ":86:d"].join(end);
            let expected = Blocks {
                entry_line: ":61:26C1,",
                supplementary: vec!["a ", ""],
                narrative: vec!["b ", " c", "", "", "d"],
            };
            assert_eq!(blocks(&raw), expected, "{end:?}");
        }
        assert_eq!(blocks(""), Blocks::default());
    }
}
