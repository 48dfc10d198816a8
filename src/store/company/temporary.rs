//! A company that a run makes for itself and takes away again.

use super::remove::{drop_schema, unregister};
use crate::store::company::NewCompany;
use crate::store::connection::lock;
use crate::store::connection::registry::{Company, read};
use crate::store::{Session, StoreError};

const STEP: &str = "taking the company away";

/// A company that this run made. No other company can be taken away by [`remove`](Self::remove).
#[derive(Debug)]
pub struct TemporaryCompany(NewCompany);

impl TemporaryCompany {
    /// Makes the company.
    ///
    /// # Errors
    ///
    /// As [`create()`](super::create()); nothing is left behind.
    pub async fn create(session: &mut Session, new: NewCompany) -> Result<Self, StoreError> {
        super::create(session, &new).await?;
        Ok(Self(new))
    }

    /// Returns what it is called on the command line.
    pub fn slug(&self) -> &str {
        &self.0.slug
    }

    /// Takes the company away: its row in the registry, its schema with all that is in it, its
    /// role.
    ///
    /// All in one transaction. If the registry's row is not the row that this run made, all stays
    /// as it is.
    ///
    /// # Errors
    ///
    /// A database that fails.
    pub async fn remove(self, session: &mut Session) -> Result<(), StoreError> {
        let NewCompany { slug, schema, cif, name, .. } = &self.0;
        let mut tx = lock::begin_change(session).await?;
        lock::lock_company(&mut tx, slug).await?;
        let is_ours =
            |it: &Company| (&it.schema, it.cif.as_ref(), &it.name) == (schema, Some(cif), name);
        if let Some(company) = read(&mut tx, Some(slug)).await?.into_iter().find(is_ours) {
            drop_schema(&mut tx, schema).await?;
            unregister(&mut tx, company.id).await?;
        }
        tx.commit().await.map_err(StoreError::at(STEP))
    }
}
