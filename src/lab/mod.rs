//! Invented files in the real layouts.
//!
//! For `vama demo`, which shows an invented month of one shop, for the tests, which need months that
//! add up and can be split in any way, and for the bench, which reads a statement of any length.
//! Everything follows from a seed: the same seed gives the same bytes on every machine. No person,
//! company or account is real, except for the courier, the card processor and the marketplace that
//! every Romanian web shop is paid by; their accounts are invented too.

pub mod batch;
pub mod borderou;
pub mod bulk;
pub mod emag;
pub mod mail;
mod many;
pub mod month;
mod narrative;
pub mod orders;
mod pack;
pub mod party;
pub mod random;
pub mod sameday;
pub mod shop;
pub mod statement;
pub mod workbook;
pub mod xls;
