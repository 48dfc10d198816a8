//! `--connections`: over how many connections files go in.

use std::num::NonZeroUsize;

use crate::road::prepare::CONNECTIONS;

/// How many connections to the database a command may use.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct Connections {
    /// Connections to the database at most, for files of several companies at a time; fewer where the
    /// server gives no more
    #[arg(long = "connections", value_name = "N", default_value_t = CONNECTIONS)]
    most: NonZeroUsize,
}

impl Default for Connections {
    fn default() -> Self {
        Self { most: CONNECTIONS }
    }
}

impl Connections {
    /// Returns how many.
    pub(super) fn most(self) -> NonZeroUsize {
        self.most
    }
}
