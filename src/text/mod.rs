//! Every text that a user reads, in one place, so that a second language can be added.

pub mod desktop;
