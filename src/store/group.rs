//! The files of one transaction, and what becomes of the rows of each.

use std::collections::BTreeMap;
use std::sync::Arc;

use uuid::Uuid;

use super::ids::Ids;
use super::land::{Counts, Landed};
use crate::fault::Impossible;
use crate::row::{HeldRow, Stamp, Table};

/// Files that go in together.
#[derive(Debug)]
pub(super) struct Group {
    /// What the rows of each file share, by its number.
    pub(super) stamps: Arc<[Stamp]>,
    /// The identifiers of their rows.
    pub(super) ids: Ids,
    landed: Vec<Landed>,
}

impl Group {
    pub(super) fn new(stamps: Vec<Stamp>) -> Self {
        let landed = stamps.iter().map(|_| Landed::default()).collect();
        Self { stamps: stamps.into(), ids: Ids::now(), landed }
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

    /// Puts what was held into the order of the files' lines.
    pub(super) fn put_held_in_order(&mut self) {
        for landed in &mut self.landed {
            landed.held.sort_by_key(|held| held.line);
        }
    }

    /// Returns what was held, each row with its identifier and the number of its file.
    pub(super) fn held(&mut self) -> Vec<(Uuid, usize, &HeldRow)> {
        let ids = self.ids.take(self.landed.iter().map(|landed| landed.held.len()).sum());
        let files = self.landed.iter().enumerate();
        let held = files.flat_map(|(file, it)| it.held.iter().map(move |row| (file, row)));
        ids.zip(held).map(|(id, (file, row))| (id, file, row)).collect()
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
