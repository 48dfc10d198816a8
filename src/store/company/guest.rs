//! A company that a run makes for itself and takes away again.

use super::remove::{drop_schema, unregister};
use super::{Company, NewCompany, create, read};
use crate::store::{Session, StoreError, lock};

const STEP: &str = "taking the company away";

/// A company of this very run. Only such a one can be taken away.
#[derive(Debug)]
pub struct Guest(NewCompany);

impl Guest {
    /// Makes the company.
    ///
    /// # Errors
    ///
    /// As [`create`]; nothing is left behind.
    pub async fn invite(session: &mut Session, new: NewCompany) -> Result<Self, StoreError> {
        create(session, &new).await?;
        Ok(Self(new))
    }

    /// Returns what it is called on the command line.
    pub fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Takes the company away: its row in the registry, its schema with all that is in it, its role.
    ///
    /// All in one transaction. If the row is not the one that was made, all stays as it is.
    ///
    /// # Errors
    ///
    /// A database that fails.
    pub async fn leave(self, session: &mut Session) -> Result<(), StoreError> {
        let NewCompany { slug, schema, cif, name, .. } = &self.0;
        let mut tx = lock::begin_change(session).await?;
        lock::lock_company(&mut tx, slug).await?;
        let is_guest =
            |it: &Company| (&it.schema, it.cif.as_ref(), &it.name) == (schema, Some(cif), name);
        if let Some(company) = read(&mut tx, Some(slug)).await?.into_iter().find(is_guest) {
            drop_schema(&mut tx, schema).await?;
            unregister(&mut tx, company.id).await?;
        }
        tx.commit().await.map_err(StoreError::at(STEP))
    }
}
