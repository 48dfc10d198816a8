//! URL → a session: connections, transactions, locks, and the statements that go over them.

pub(crate) mod address;
pub(crate) mod cluster;
pub(crate) mod copy_stream;
#[cfg(feature = "embedded")]
pub(crate) mod embedded;
pub(crate) mod enter;
pub(crate) mod lock;
pub(crate) mod pulse;
pub(crate) mod quotes;
pub(crate) mod registry;
pub(crate) mod role;
pub(crate) mod session;
pub(crate) mod silence;
#[cfg(unix)]
pub(crate) mod socket;
pub(crate) mod statement;
pub(crate) mod transaction;
pub(crate) mod tries;
pub(crate) mod turn;
pub(crate) mod version;
pub(crate) mod wait;
