//! MT940 and MT942: bank statements.
mod blocks;
pub mod narrative;
