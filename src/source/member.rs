//! Names of members of zips and mails, and the members that are not let in.

use crate::fault::Refusal;

/// A member of a zip or a mail that is not let in; the other members are not concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedMember {
    /// The member's name inside the zip or the mail, fit to be shown.
    pub member: String,
    /// Why.
    pub refusal: Refusal,
}

/// Returns a name fit to be shown: a control character in it could rewrite the user's screen.
pub(super) fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).collect()
}
