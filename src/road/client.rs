//! The client that a file names → the company of the registry that is called so.

use crate::store::Company;
use crate::value::company_name::folded;

/// Returns the companies that have one of the names, however they are written.
pub fn called<'c>(
    names: impl IntoIterator<Item = &'c String>,
    companies: &'c [Company],
) -> Vec<&'c Company> {
    let names: Vec<String> = names.into_iter().map(|name| folded(name)).collect();
    let has_name = |company: &&Company| {
        let name = folded(&company.name);
        !name.is_empty() && names.contains(&name)
    };
    companies.iter().filter(has_name).collect()
}

/// Returns the company that the names belong to, where they do not belong to the one that was chosen.
/// A name that no company has says nothing.
pub fn another<'c>(
    names: impl IntoIterator<Item = &'c String>,
    companies: &'c [Company],
    chosen: &str,
) -> Option<&'c Company> {
    let called = called(names, companies);
    match called.iter().any(|company| company.slug == chosen) {
        true => None,
        false => called.into_iter().next(),
    }
}
