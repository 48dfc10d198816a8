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
pub mod summary;
pub mod decide;
pub mod plan;
pub mod store;
pub mod route;
pub mod report;
pub mod import;
