//! vama.
pub mod fiscal;
pub mod format;
pub mod generate;
pub mod normalize;
pub mod record;
pub mod refusal;
pub mod source;
