//! The files of one transaction, and what becomes of the rows of each.

use std::sync::Arc;

use uuid::Uuid;

use super::held::HeldSpool;
use super::landing::{Counts, Imported};
use crate::fault::Impossible;
use crate::row::{HeldKind, HeldRow, REPORTED_MAX, Stamp, Table};
use crate::store::StoreError;
use crate::store::load::ids::Ids;

/// Files that go in together.
#[derive(Debug)]
pub(crate) struct GroupLoad {
    /// What the rows of each file share, by its number.
    pub(crate) stamps: Arc<[Stamp]>,
    /// The identifiers for the rows of all files.
    pub(crate) ids: Ids,
    /// States of invoices that the platform had written, and that were kept on the way.
    pub(crate) kept_of_platform: u64,
    imported: Vec<Imported>,
    held: HeldSpool,
}

impl GroupLoad {
    pub(crate) fn new(stamps: Vec<Stamp>) -> Self {
        let imported = stamps.iter().map(|_| Imported::default()).collect();
        Self {
            stamps: stamps.into(),
            ids: Ids::now(),
            kept_of_platform: 0,
            imported,
            held: HeldSpool::default(),
        }
    }

    /// Takes in the identifiers of all statements of the files, by their numbers.
    pub(crate) fn know_statements(&mut self, ids: &Arc<[Option<Uuid>]>) {
        let with = |stamp: &Stamp| Stamp { statement_ids: Arc::clone(ids), ..stamp.clone() };
        self.stamps = self.stamps.iter().map(with).collect();
    }

    /// Returns the identifiers of the imports as text.
    pub(crate) fn import_ids(&self) -> Vec<String> {
        self.stamps.iter().map(|it| it.import_id.to_string()).collect()
    }

    /// Returns what came of a file so far.
    pub(crate) fn imported(&mut self, file: usize) -> Result<&mut Imported, Impossible> {
        self.imported.get_mut(file).ok_or_else(no_file)
    }

    /// Returns what became of a file's rows of a table so far.
    pub(crate) fn counts(&mut self, file: usize, table: Table) -> Result<&mut Counts, Impossible> {
        Ok(self.imported(file)?.tables.entry(table).or_default())
    }

    /// Returns what came of each file.
    pub(crate) fn all(&self) -> &[Imported] {
        &self.imported
    }

    /// Holds a row of a file. Of each file the report keeps the first rows, by their lines; rows
    /// that are not booked yet are only counted, since nobody has to do anything about them.
    pub(crate) fn hold(&mut self, file: usize, row: HeldRow) -> Result<(), StoreError> {
        self.counts(file, row.table)?.held += 1;
        let id = self.ids.one();
        self.held.put(&row, id, self.stamps.get(file).ok_or_else(no_file)?)?;
        let imported = self.imported(file)?;
        if row.kind == HeldKind::Interim {
            imported.interim += 1;
            return Ok(());
        }
        let first = &mut imported.held;
        let place = first.partition_point(|it| it.line <= row.line);
        if place < REPORTED_MAX {
            first.insert(place, row);
            first.truncate(REPORTED_MAX);
        }
        Ok(())
    }

    /// Takes the held rows out, to be sent.
    pub(crate) fn take_held(&mut self) -> HeldSpool {
        std::mem::take(&mut self.held)
    }

    /// Returns what came of each file, to keep.
    pub(crate) fn into_imported(self) -> Vec<Imported> {
        self.imported
    }
}

/// Returns the error of a row that belongs to none of the files.
#[track_caller]
pub(crate) fn no_file() -> Impossible {
    Impossible::new("a row of a file that is not in the group")
}
