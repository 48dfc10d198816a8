//! A company that a run makes for itself and takes away again.

use super::remove::drop_schema;
use super::{NewCompany, create};
use crate::store::statement::query;
use crate::store::{Session, StoreError, migrate};

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
        let mut tx = session.begin().await?;
        migrate::lock_registry(&mut tx).await?;
        migrate::lock_company(&mut tx, slug).await?;
        let deleted = query(include_str!("../sql/company/delete_guest.sql"))
            .bind(slug)
            .bind(schema)
            .bind(cif)
            .bind(name)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::at(STEP))?;
        if deleted.rows_affected() == 1 {
            drop_schema(&mut tx, schema).await?;
        }
        tx.commit().await.map_err(StoreError::at(STEP))
    }
}
