//! Sealed credentials in the registry: a row a company and service.
//!
//! Inactive companies count too: only imports stop for them, and their credentials must still be
//! shown, sealed anew and removed.

use crate::store::connection::version;
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use sqlx::{FromRow, PgConnection};
use uuid::Uuid;

use crate::store::connection::lock;
use crate::store::connection::registry::{self, Company};
use crate::store::connection::session::done_reading;
use crate::store::connection::statement::{query, query_as, query_scalar};
use crate::store::secrets::{Bound, Credentials, Plain, SealingKey, Service, open, seal};
use crate::store::{Session, StoreError, Transaction, company};

/// Credentials that are stored, without what is in them.
#[derive(Debug, Clone, PartialEq, Eq, FromRow, serde::Serialize)]
pub struct CredentialsNote {
    /// The company's slug.
    pub company: String,
    /// The service.
    pub service: String,
    /// Since when there are some.
    pub created_at: DateTime<Utc>,
    /// When they were stored or sealed anew.
    pub updated_at: DateTime<Utc>,
    /// The fingerprint of the key that sealed them, where the row has one.
    pub kid: Option<String>,
}

/// Seals and stores the credentials, in the place of earlier ones. Returns whether there were
/// earlier ones.
///
/// All credentials of a database are sealed under one key: with two keys, neither would open them
/// all, and neither could be replaced by another key.
///
/// # Errors
///
/// [`StoreError::UnknownCompany`]; [`StoreError::OtherKey`] where others are sealed under another
/// key; or a database that fails.
pub async fn set_credentials(
    session: &mut Session,
    slug: &str,
    service: Service,
    credentials: &Credentials,
    key: &SealingKey,
) -> Result<bool, StoreError> {
    let step = "storing the credentials";
    let (mut tx, Company { id: company, .. }) =
        company::begin::begin_with_registry_lock(session, slug).await?;
    let bound = Bound { company, service: service.name() };
    let others: Vec<String> = query_scalar(include_str!("../sql/credentials/other_keys.sql"))
        .bind(key.kid())
        .bind(company)
        .bind(bound.service)
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::at(step))?;
    if !others.is_empty() {
        return Err(StoreError::OtherKey { ours: key.kid().to_owned(), others });
    }
    let replaced = query_scalar(include_str!("../sql/credentials/upsert.sql"))
        .bind(company)
        .bind(bound.service)
        .bind(credentials.seal(bound, key)?)
        .fetch_one(&mut *tx)
        .await
        .map_err(StoreError::at(step))?;
    tx.commit().await.map_err(StoreError::at(step))?;
    Ok(replaced)
}

/// Returns which credentials there are, of one company or of all, by company and service.
///
/// # Errors
///
/// [`StoreError::UnknownCompany`], or a database that fails.
pub async fn list_credentials(
    session: &mut Session,
    slug: Option<&str>,
) -> Result<Vec<CredentialsNote>, StoreError> {
    let mut tx = begin(session).await?;
    let company = match slug {
        Some(slug) => Some(company_id(&mut tx, slug).await?),
        None => None,
    };
    let notes = query_as(include_str!("../sql/credentials/list.sql"))
        .bind(company)
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::at("listing the credentials"))?;
    done_reading(tx).await?;
    Ok(notes)
}

/// Returns the credentials that are stored for a service.
///
/// # Errors
///
/// [`StoreError::UnknownCompany`], [`StoreError::NoCredentials`], [`StoreError::Unopened`], or a
/// database that fails.
pub async fn show_credentials(
    session: &mut Session,
    slug: &str,
    service: Service,
    key: &SealingKey,
) -> Result<Credentials, StoreError> {
    let mut tx = begin(session).await?;
    let company = company_id(&mut tx, slug).await?;
    let stored: Option<String> = query_scalar(include_str!("../sql/credentials/stored.sql"))
        .bind(company)
        .bind(service.name())
        .fetch_optional(&mut *tx)
        .await
        .map_err(StoreError::at("reading the credentials"))?;
    let Some(stored) = stored else {
        return Err(none(&mut tx, slug, company, service).await);
    };
    done_reading(tx).await?;
    let bound = Bound { company, service: service.name() };
    Credentials::open(&stored, bound, key).map_err(|source| StoreError::Unopened {
        company: slug.to_owned(),
        service: service.name().to_owned(),
        source,
    })
}

/// Removes the credentials of a service. Needs no key, so credentials whose key is lost can be
/// removed too.
///
/// # Errors
///
/// [`StoreError::UnknownCompany`], [`StoreError::NoCredentials`], or a database that fails.
pub async fn remove_credentials(
    session: &mut Session,
    slug: &str,
    service: Service,
) -> Result<(), StoreError> {
    let step = "removing the credentials";
    let (mut tx, Company { id: company, .. }) =
        company::begin::begin_with_registry_lock(session, slug).await?;
    let removed = query(include_str!("../sql/credentials/delete.sql"))
        .bind(company)
        .bind(service.name())
        .execute(&mut *tx)
        .await
        .map_err(StoreError::at(step))?;
    if removed.rows_affected() == 0 {
        return Err(none(&mut tx, slug, company, service).await);
    }
    tx.commit().await.map_err(StoreError::at(step))
}

/// Seals all credentials of all companies under a new key. Returns how many.
///
/// One transaction: each row is opened with the old key, sealed with the new one and written; then
/// each is read back, opened with the new key and compared, before anything is committed.
///
/// # Errors
///
/// [`StoreError::Unopened`] names the first row that the old key does not open,
/// [`StoreError::Unproven`] a row that did not come back as it was sealed; or a database that
/// fails. Every row is as it was then.
pub async fn rotate_credentials(
    session: &mut Session,
    old: &SealingKey,
    new: &SealingKey,
) -> Result<usize, StoreError> {
    let step = "sealing the credentials anew";
    let mut tx = lock::begin_change(session).await?;
    version::check_registry(&mut tx).await?;
    lock::lock_registry(&mut tx).await?;
    query(include_str!("../sql/credentials/lock_all.sql"))
        .execute(&mut *tx)
        .await
        .map_err(StoreError::at(step))?;
    let rows: Vec<SealedRow> = query_as(include_str!("../sql/credentials/all.sql"))
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::at(step))?;
    let mut plains = Vec::with_capacity(rows.len());
    for row in &rows {
        plains.push(row.open(&row.stored, old)?);
    }
    for (row, plain) in rows.iter().zip(&plains) {
        query(include_str!("../sql/credentials/reseal.sql"))
            .bind(row.id)
            .bind(seal(plain.expose_secret(), row.bound(), new)?)
            .execute(&mut *tx)
            .await
            .map_err(StoreError::at(step))?;
    }
    for (row, plain) in rows.iter().zip(&plains) {
        row.prove(&mut tx, plain, new).await?;
    }
    tx.commit().await.map_err(StoreError::at(step))?;
    Ok(rows.len())
}

/// A row as it is before it is sealed anew. Its service is a text, since the platform may know more
/// services than vama.
#[derive(FromRow)]
struct SealedRow {
    id: Uuid,
    company: String,
    company_id: Uuid,
    service: String,
    stored: String,
}

impl SealedRow {
    fn bound(&self) -> Bound<'_> {
        Bound { company: self.company_id, service: &self.service }
    }

    fn open(&self, stored: &str, key: &SealingKey) -> Result<Plain, StoreError> {
        open(stored, self.bound(), key).map_err(|source| StoreError::Unopened {
            company: self.company.clone(),
            service: self.service.clone(),
            source,
        })
    }

    /// Reads the row back and compares it with what was sealed.
    async fn prove(
        &self,
        connection: &mut PgConnection,
        plain: &Plain,
        key: &SealingKey,
    ) -> Result<(), StoreError> {
        let stored: Option<String> =
            query_scalar(include_str!("../sql/credentials/stored_row.sql"))
                .bind(self.id)
                .fetch_optional(connection)
                .await
                .map_err(StoreError::at("reading back what was sealed anew"))?;
        let came_back = match stored {
            Some(stored) => self.open(&stored, key).ok(),
            None => None,
        };
        match came_back.is_some_and(|it| it.expose_secret() == plain.expose_secret()) {
            true => Ok(()),
            false => Err(StoreError::Unproven {
                company: self.company.clone(),
                service: self.service.clone(),
            }),
        }
    }
}

async fn begin(session: &mut Session) -> Result<Transaction<'_>, StoreError> {
    let mut tx = session.begin().await?;
    version::check_registry(&mut tx).await?;
    Ok(tx)
}

/// Returns the company's identifier. An inactive company counts too: only imports stop for it, and
/// its credentials must still be shown, sealed anew and removed.
async fn company_id(connection: &mut PgConnection, slug: &str) -> Result<Uuid, StoreError> {
    Ok(registry::find(connection, slug).await?.id)
}

/// Returns the error of a service that the company has no credentials for.
async fn none(
    connection: &mut PgConnection,
    slug: &str,
    company: Uuid,
    service: Service,
) -> StoreError {
    let known = query_scalar(include_str!("../sql/credentials/services.sql"))
        .bind(company)
        .fetch_all(connection)
        .await;
    let (company, service) = (slug.to_owned(), service.name().to_owned());
    match known {
        Ok(known) => StoreError::NoCredentials { company, service, known },
        Err(error) => StoreError::at("listing the credentials")(error),
    }
}
