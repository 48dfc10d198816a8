//! A settlement that comes again with other lines is held as a whole: its head with all rows that it
//! would have become, and each line that differs.

use uuid::Uuid;

use super::group_load::{GroupLoad, no_file};
use super::kept::KeptRows;
use super::known::{Compared, KnownLine, KnownSettlement, LineFate};
use crate::row::{Head, HeldRow, Line, Row, Stamp};
use crate::store::StoreError;

/// A settlement of a file on its way in.
#[derive(Debug)]
pub(super) struct Settlement<H, L> {
    /// The number of its file.
    pub(super) file: usize,
    /// Whether all its lines could be read.
    pub(super) is_whole: bool,
    pub(super) head: H,
    pub(super) lines: Vec<L>,
}

impl<H: Head, L: Line> Settlement<H, L> {
    /// Returns it as what a later file of the run finds.
    pub(super) fn known(&self) -> KnownSettlement {
        let line = |line: &L| KnownLine {
            name: line.name().to_owned(),
            key: Some(line.key().into_owned()),
            says: Some(line.says_briefly()),
        };
        KnownSettlement {
            id: None,
            damaged: 0,
            key: Some(self.head.key().into_owned()),
            import: None,
            says: Some(self.head.says_briefly()),
            lines: self.lines.iter().map(line).collect(),
        }
    }

    /// Returns whether a settlement that is there has the same day and amount.
    pub(super) fn says_as(&self, known: Option<&KnownSettlement>) -> bool {
        let says = known.and_then(|it| it.says.as_ref());
        says.is_none_or(|says| *says == self.head.says_briefly())
    }

    /// Returns whether it is a stored settlement of the same day with the lines that could not be read.
    pub(super) fn completes(&self, known: &[&KnownSettlement], compared: &Compared<'_>) -> bool {
        let day = |says: &str| says.split(',').next().unwrap_or_default().to_owned();
        let is_of_day = |it: &&KnownSettlement| {
            it.says.as_deref().is_some_and(|says| day(says) == day(&self.head.says_briefly()))
        };
        self.is_whole && compared.completes(known) && known.iter().all(is_of_day)
    }

    /// Counts all of it as there.
    pub(super) fn is_there(&self, group: &mut GroupLoad) -> Result<(), StoreError> {
        group.counts(self.file, H::TABLE)?.duplicates += 1;
        group.counts(self.file, L::TABLE)?.duplicates += self.lines.len() as u64;
        Ok(())
    }

    /// Holds it. `others` are the rows of other tables that it would have become.
    pub(super) fn hold<R: Row>(
        &mut self,
        group: &mut GroupLoad,
        (known, compared): (&[&KnownSettlement], &Compared<'_>),
        others: &[R],
    ) -> Result<(), StoreError> {
        let head_id = group.ids.one();
        self.lines.iter_mut().for_each(|line| line.belongs_to(head_id));
        let stamp = group.stamps.get(self.file).ok_or_else(no_file)?.clone();
        let key = self.head.key().into_owned();
        let first = known.first();
        let (raw, line) = self.head.raw();
        let held_key = first.and_then(|it| it.key.clone());
        let why = self.why(first.copied(), compared);
        let head = HeldRow {
            rows: Some(self.rows((head_id, others), &stamp, group)),
            settlement: Some(key.clone()),
            ..HeldRow::conflict(H::TABLE, held_key, why, (raw, line))
        };
        group.hold(self.file, head)?;
        for (line, fate) in self.lines.iter().zip(&compared.fates) {
            let (row_key, reason) = match fate {
                LineFate::Same => {
                    group.counts(self.file, L::TABLE)?.duplicates += 1;
                    continue;
                }
                LineFate::Differs(of, known) => (known.key.clone(), differs(line, of, known)),
                LineFate::Further => (None, "the one that is there has no such line".to_owned()),
            };
            let held = HeldRow {
                settlement: Some(key.clone()),
                ..HeldRow::conflict(L::TABLE, row_key, reason, line.raw())
            };
            group.hold(self.file, held)?;
        }
        Ok(())
    }

    fn rows<R: Row>(
        &self,
        (head_id, others): (Uuid, &[R]),
        stamp: &Stamp,
        group: &mut GroupLoad,
    ) -> String {
        let mut rows = KeptRows::default();
        rows.add(&self.head, head_id, stamp);
        self.lines.iter().for_each(|it| rows.add(it, group.ids.one(), stamp));
        others.iter().for_each(|it| rows.add(it, group.ids.one(), stamp));
        rows.into_text()
    }

    fn why(&self, known: Option<&KnownSettlement>, compared: &Compared<'_>) -> String {
        let lines = |count: usize, what: &str| match count {
            0 => None,
            1 => Some(format!("1 line {what}")),
            _ => Some(format!("{count} lines {what}")),
        };
        let (differing, further) = compared.counts();
        let told = [
            lines(differing, "with another amount"),
            lines(further, "more here"),
            lines(compared.missing, "less here"),
        ];
        let mut told: Vec<String> = told.into_iter().flatten().collect();
        if let Some(says) = known.and_then(|it| it.says.as_ref())
            && !self.says_as(known)
        {
            told.push(format!("{says} there, {} here", self.head.says_briefly()));
        }
        format!("it is there already{}, with other lines: {}", from(known), told.join(", "))
    }
}

fn differs<L: Line>(line: &L, of: &KnownSettlement, known: &KnownLine) -> String {
    let there = known.says.as_deref().unwrap_or("no amount");
    format!("{there} in the books{}, {} here", from(Some(of)), line.says_briefly())
}

fn from(known: Option<&KnownSettlement>) -> String {
    let import = known.and_then(|it| it.import);
    import.map(|number| format!(" from import #{number}")).unwrap_or_default()
}
