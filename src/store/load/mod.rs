//! Planned rows → the company's tables, all files of a group in one transaction.

pub(crate) mod ask;
pub(crate) mod binary;
pub(crate) mod copy;
mod corrected;
pub(crate) mod documents;
pub(crate) mod earlier;
pub(crate) mod encode;
pub(crate) mod entries;
pub(crate) mod failures;
pub(crate) mod floor;
pub(crate) mod group_load;
pub(crate) mod held;
pub(crate) mod ids;
pub(crate) mod journal;
mod kept;
pub(crate) mod known;
pub(crate) mod land;
pub(crate) mod landing;
pub(crate) mod prove;
pub(crate) mod scan;
pub(crate) mod settle;
pub(crate) mod settling;
pub(crate) mod statements;
pub(crate) mod stored;
pub(crate) mod take_out;
pub(crate) mod twins;
