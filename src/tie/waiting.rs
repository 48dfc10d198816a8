//! Ties by hand whose settlement or credit is not here now.
//!
//! An undo takes rows away, and the same file may come again with the same keys. What somebody said by
//! hand is kept meanwhile, under a kind of settlement that nothing else has: so it counts for nothing,
//! in no sum and in no view, until both rows are back.

use super::{SettlementId, Tie};

/// What stands before the kind of the settlement while its tie waits.
const WAITING: &str = "waiting/";

impl SettlementId {
    /// Returns whether a tie to it waits for a row.
    pub fn waits(&self) -> bool {
        self.kind.starts_with(WAITING)
    }

    /// Returns it as it is named by a tie that counts.
    pub fn counting(&self) -> Self {
        let kind = self.kind.strip_prefix(WAITING).unwrap_or(&self.kind).to_owned();
        Self { kind, key: self.key.clone() }
    }
}

impl Tie {
    /// Returns the tie as it is stored while it counts.
    pub fn counting(&self) -> Self {
        Self { settlement: self.settlement.counting(), ..self.clone() }
    }

    /// Returns the tie as it is stored while it waits for its settlement or its credit.
    pub fn waiting(&self) -> Self {
        let mut tie = self.counting();
        tie.settlement.kind.insert_str(0, WAITING);
        tie
    }
}
