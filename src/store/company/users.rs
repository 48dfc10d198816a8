//! The users of the registry: a row each, made, given another password, removed.
//!
//! Inactive companies count too: only imports stop for them.

use sqlx::PgConnection;
use uuid::Uuid;

use super::begin::begin_with_registry_lock;
use super::overview::User;
use super::user::{NewUser, Role, username_hash};
use crate::store::connection::lock::{begin_change, hold_company, lock_registry};
use crate::store::connection::registry;
use crate::store::connection::session::done_reading;
use crate::store::connection::statement::{query, query_as, query_scalar};
use crate::store::connection::transaction::Limits;
use crate::store::connection::version;
use crate::store::{Session, StoreError, Transaction};

/// A user, and the company that they look after.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, serde::Serialize)]
pub struct UserNote {
    /// The company's slug; a user of the platform's may have none.
    pub company: Option<String>,
    /// The user.
    #[sqlx(flatten)]
    #[serde(flatten)]
    pub user: User,
}

/// What became of a user that was to be removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserRemoval {
    /// The user is gone.
    Removed(UserNote),
    /// Nothing was changed: the user is the last one who may sign in for the company as an admin.
    LastAdmin(UserNote),
}

/// Returns the users of a company, or all of them, by company and name.
///
/// # Errors
///
/// [`StoreError::UnknownCompany`], or a database that fails.
pub async fn list_users(
    session: &mut Session,
    slug: Option<&str>,
) -> Result<Vec<UserNote>, StoreError> {
    let mut tx = session.begin_within(Limits::LOOK).await?;
    version::check_registry(&mut tx).await?;
    let company = match slug {
        Some(slug) => Some(registry::find(&mut tx, slug).await?.id),
        None => None,
    };
    let users = query_as(include_str!("../sql/user/list.sql"))
        .bind(company)
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::at("listing the users"))?;
    done_reading(tx).await?;
    Ok(users)
}

/// Makes a user of a company.
///
/// # Errors
///
/// [`StoreError::UnknownCompany`]; [`StoreError::Taken`] where a user of any company has the name; a
/// database that fails.
pub async fn add_user(
    session: &mut Session,
    slug: &str,
    new: &NewUser,
    role: Role,
) -> Result<(), StoreError> {
    let step = "making the user";
    let (mut tx, company) = begin_with_registry_lock(session, slug).await?;
    let none: Option<&str> = None;
    let taken: Vec<String> = query_scalar(include_str!("../sql/company/taken.sql"))
        .bind(none)
        .bind(none)
        .bind(none)
        .bind(Vec::<String>::new())
        .bind(&new.username_hash)
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::at(step))?;
    if !taken.is_empty() {
        return Err(StoreError::Taken(taken));
    }
    insert_user(&mut tx, company.id, new, role).await?;
    tx.commit().await.map_err(StoreError::at(step))
}

/// Writes a user of a company into the registry, inside a transaction.
pub(crate) async fn insert_user(
    connection: &mut PgConnection,
    company: Uuid,
    new: &NewUser,
    role: Role,
) -> Result<(), StoreError> {
    query(include_str!("../sql/user/insert.sql"))
        .bind(Uuid::now_v7())
        .bind(&new.username)
        .bind(&new.username_hash)
        .bind(&new.password_hash)
        .bind(&new.display_name)
        .bind(company)
        .bind(role.name())
        .execute(connection)
        .await
        .map(drop)
        .map_err(StoreError::at("making the user"))
}

/// Gives a user another password, of which the digest is kept. Returns the user.
///
/// # Errors
///
/// [`StoreError::NoUser`], also where the user is not one of the company that is named; a database
/// that fails.
pub async fn set_password(
    session: &mut Session,
    username: &str,
    slug: Option<&str>,
    password_hash: &str,
) -> Result<UserNote, StoreError> {
    let step = "setting the password";
    let (mut tx, stored) = begin_with_user(session, username, slug).await?;
    query(include_str!("../sql/user/set_password.sql"))
        .bind(stored.id)
        .bind(password_hash)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::at(step))?;
    tx.commit().await.map_err(StoreError::at(step))?;
    Ok(stored.note)
}

/// Removes a user. The last admin of a company stays, unless `also_last_admin` says otherwise.
///
/// # Errors
///
/// As [`set_password`].
pub async fn remove_user(
    session: &mut Session,
    username: &str,
    slug: Option<&str>,
    also_last_admin: bool,
) -> Result<UserRemoval, StoreError> {
    let step = "removing the user";
    let (mut tx, stored) = begin_with_user(session, username, slug).await?;
    if stored.is_last_admin && !also_last_admin {
        return Ok(UserRemoval::LastAdmin(stored.note));
    }
    query(include_str!("../sql/user/delete.sql"))
        .bind(stored.id)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::at(step))?;
    tx.commit().await.map_err(StoreError::at(step))?;
    Ok(UserRemoval::Removed(stored.note))
}

/// A user as the registry has it.
#[derive(sqlx::FromRow)]
struct StoredUser {
    id: Uuid,
    is_last_admin: bool,
    #[sqlx(flatten)]
    note: UserNote,
}

/// Begins a transaction in which nobody else changes the user, in the order of all locks: the user's
/// company first, the registry last.
async fn begin_with_user<'c>(
    session: &'c mut Session,
    username: &str,
    slug: Option<&str>,
) -> Result<(Transaction<'c>, StoredUser), StoreError> {
    let mut tx = begin_change(session).await?;
    version::check_registry(&mut tx).await?;
    if let Some(slug) = slug {
        registry::find(&mut tx, slug).await?;
    }
    if let Some(company) = find(&mut tx, username, slug).await?.note.company {
        hold_company(&mut tx, &company).await?;
    }
    lock_registry(&mut tx).await?;
    // Read again: the user may have changed, or gone, while the locks were waited for.
    let stored = find(&mut tx, username, slug).await?;
    Ok((tx, stored))
}

async fn find(
    connection: &mut PgConnection,
    username: &str,
    slug: Option<&str>,
) -> Result<StoredUser, StoreError> {
    let found: Option<StoredUser> = query_as(include_str!("../sql/user/find.sql"))
        .bind(username_hash(username))
        .bind(username)
        .bind(slug)
        .fetch_optional(connection)
        .await
        .map_err(StoreError::at("looking the user up"))?;
    found.ok_or_else(|| StoreError::NoUser {
        username: username.to_owned(),
        company: slug.map(str::to_owned),
    })
}
