//! What vama does for its users, on a real database.

// Tests may fail loudly.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![allow(missing_docs)]

#[path = "../common/mod.rs"]
mod common;
mod world;
mod months;
mod same_rows;
mod routing;
mod imports;
mod properties;
