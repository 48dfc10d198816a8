//! vama.
pub mod normalize;
pub mod record;
pub mod refusal;
pub mod source;
pub mod format;
pub mod pages;
pub mod check;
pub mod identity;
pub mod row;
pub mod decide;
pub mod plan;
