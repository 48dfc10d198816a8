//! The files of one transaction, and what becomes of the rows of each.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::StoreError;
use super::held::Held;
use super::ids::Ids;
use super::land::{Counts, Landed};
use crate::fault::Impossible;
use crate::row::{HeldRow, REPORTED_MAX, Stamp, Table};

/// Files that go in together.
#[derive(Debug)]
pub(super) struct Group {
    /// What the rows of each file share, by its number.
    pub(super) stamps: Arc<[Stamp]>,
    /// The identifiers of their rows.
    pub(super) ids: Ids,
    landed: Vec<Landed>,
    held: Held,
}

impl Group {
    pub(super) fn new(stamps: Vec<Stamp>) -> Self {
        let landed = stamps.iter().map(|_| Landed::default()).collect();
        Self { stamps: stamps.into(), ids: Ids::now(), landed, held: Held::default() }
    }

    /// Returns what came of a file so far.
    pub(super) fn landed(&mut self, file: usize) -> Result<&mut Landed, Impossible> {
        self.landed.get_mut(file).ok_or_else(no_file)
    }

    /// Returns what became of a file's rows of a table so far.
    pub(super) fn counts(&mut self, file: usize, table: Table) -> Result<&mut Counts, Impossible> {
        Ok(self.landed(file)?.tables.entry(table).or_default())
    }

    /// Returns what came of each file.
    pub(super) fn all(&self) -> &[Landed] {
        &self.landed
    }

    /// Holds a row of a file. Of each file the report keeps the first rows, by their lines.
    pub(super) fn hold(&mut self, file: usize, row: HeldRow) -> Result<(), StoreError> {
        self.counts(file, row.table)?.held += 1;
        let id = self.ids.one();
        self.held.put(&row, id, self.stamps.get(file).ok_or_else(no_file)?)?;
        let first = &mut self.landed(file)?.held;
        let place = first.partition_point(|it| it.line <= row.line);
        if place < REPORTED_MAX {
            first.insert(place, row);
            first.truncate(REPORTED_MAX);
        }
        Ok(())
    }

    /// Returns what was held, to be sent.
    pub(super) fn take_held(&mut self) -> Held {
        std::mem::take(&mut self.held)
    }

    /// Returns what came of each file, to keep.
    pub(super) fn into_landed(self) -> Vec<Landed> {
        self.landed
    }
}

/// Returns the error of a row that belongs to none of the files.
#[track_caller]
pub(super) fn no_file() -> Impossible {
    Impossible::new("a row of a file that is not in the group")
}

impl Landed {
    /// Returns what became of the rows of a table.
    pub fn of(&self, table: Table) -> Counts {
        self.tables.get(&table).copied().unwrap_or_default()
    }

    /// Returns how many rows each table was sent.
    pub(super) fn sent(&self) -> BTreeMap<&'static str, u64> {
        let held: u64 = self.tables.values().map(|counts| counts.held).sum();
        let sent = self.tables.iter().map(|(table, counts)| (table.name(), counts.inserted));
        sent.chain([("held_rows", held)]).collect()
    }
}
