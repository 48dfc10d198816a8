//! The registry: which companies there are, making one, and what becomes of it.

mod accept;
mod accept_state;
mod account;
mod adopt;
pub(crate) mod begin;
mod create;
mod export;
mod grant;
mod held;
mod temporary;
mod undo;
pub(crate) mod imports;
mod moving;
mod overview;
mod release;
mod remove;
mod safeguard;
mod statements;
pub mod user;

pub use crate::store::connection::registry::{Company, none_of};
pub use accept::{Accepted, accept, look_at_held};
pub use account::{add_account, move_account, owners, remove_account};
pub use adopt::{Adopt, Adopted, KeyCounts, adopt};
pub use begin::companies;
pub use create::{NewCompany, create};
pub use export::{Holding, held_import};
pub(crate) use grant::give_again;
pub use grant::{grant, revoke};
pub use held::{HeldRecord, OpenRow, StoredRow, discard, held_record, open_rows};
pub use overview::{CompanyDetails, Listed, Overview, User, details, overview};
pub use release::{Released, release};
pub use remove::{Removed, remove};
pub use statements::kept_statements;
pub use temporary::TemporaryCompany;
pub use undo::{Later, TieByHand, Undoing, look_at_import, undo};
