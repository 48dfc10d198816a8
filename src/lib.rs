//! vama.
pub mod format;
pub mod normalize;
pub mod record;
pub mod refusal;
pub mod source;
