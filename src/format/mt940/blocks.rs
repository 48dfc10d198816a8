//! An entry's raw text → its lines, without tags.

/// An entry's lines, line ends and tags stripped, blanks kept.
pub(crate) struct Blocks<'s> {
    /// What follows `:61:`.
    #[allow(dead_code)]
    pub entry_line: &'s str,
    /// The lines after it (SWIFT MT940 field 61, subfield 9).
    pub supplementary: Vec<&'s str>,
    /// The lines of all its `:86:`, in order.
    pub narrative: Vec<&'s str>,
}

/// Returns the lines of [`Entry::raw`](crate::record::Entry::raw).
pub(crate) fn blocks<'s>(raw: &'s str) -> Blocks<'s> {
    let mut blocks = Blocks { entry_line: "", supplementary: Vec::new(), narrative: Vec::new() };
    let mut in_narrative = false;
    let ends: &[&str] = &["\r\n", "\n", "\r", "@@"];
    let mut rest = Some(raw);
    let mut first = true;
    while let Some(text) = rest {
        let end = ends
            .iter()
            .filter_map(|end| text.find(end).map(|at| (at, std::cmp::Reverse(end.len()))))
            .min();
        let (line, after) = match end {
            Some((at, std::cmp::Reverse(len))) => {
                (text.get(..at).unwrap_or(text), text.get(at + len..))
            }
            None => (text, None),
        };
        rest = after.filter(|text| !text.is_empty());
        if first {
            blocks.entry_line = line.strip_prefix(":61:").unwrap_or(line);
            first = false;
        } else if let Some(content) = line.strip_prefix(":86:") {
            in_narrative = true;
            blocks.narrative.push(content);
        } else if in_narrative {
            blocks.narrative.push(line);
        } else {
            blocks.supplementary.push(line);
        }
    }
    blocks
}
