//! A company → one file, and back: pg_dump's text with the registry's rows before it.

mod dump;
mod file;
mod manifest;
mod program;
mod reader;
mod restore;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sqlx::PgConnection;
use tokio::task::spawn_blocking;

use self::file::Draft;
use self::manifest::Manifest;
use super::blocking::joined;
use super::connection::session::done_reading;
use crate::store::{Session, StoreError};

pub use crate::store::error::backup::BackupError;
pub use dump::Dumper;
pub use file::OUTSIDE;
pub use restore::{Restored, restore};

/// Tables outside of a company's schema that go into its backup, such as tables that it is about to
/// adopt.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outside<'a> {
    /// The schema that has them.
    pub schema: &'a str,
    /// Their names; a name that is no table of the schema is left out.
    pub tables: &'a [String],
}

/// A backup that was written.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Backup {
    /// The company's slug.
    pub slug: String,
    /// The company's schema.
    pub company_schema: String,
    /// Where it is.
    pub file: PathBuf,
    /// Its size.
    pub bytes: u64,
    /// How many rows each of the company's tables has in it.
    pub tables: BTreeMap<String, i64>,
    /// How many rows each of the tables outside of the company's schema has in it.
    pub outside: BTreeMap<String, i64>,
}

/// Writes a backup of the company, active or not, to a file that is not there yet.
///
/// Tables outside of its schema go into the same file, behind the company's own. Nobody can write
/// into the company meanwhile. The embedded engine is stopped for its dump and started again, so
/// another session is returned than came in.
///
/// # Errors
///
/// [`StoreError::UnknownCompany`], [`StoreError::Backup`], or a database that fails; no file is
/// left then.
pub async fn backup(
    mut session: Session,
    slug: &str,
    file: &Path,
    outside: Outside<'_>,
) -> Result<(Session, Backup), StoreError> {
    file::refuse_existing(file)?;
    let Some(dumper) = session.dumper() else {
        return backup_embedded(session, slug, file, outside).await;
    };
    let mut tx = session.begin().await?;
    let backup = backup_within(&mut tx, &dumper, slug, file, outside).await?;
    done_reading(tx).await?;
    Ok((session, backup))
}

/// Writes a backup as [`backup`] does, inside a transaction of the caller.
///
/// The tables stay locked until the transaction ends, so the caller may then change or drop what
/// was just backed up, and no write falls between. `pg_dump` works on a connection of its own: it
/// does not see the transaction's changes, and waits in vain for tables that the transaction locks
/// more strictly than `share`. After the backup the transaction is in the company's schema.
///
/// # Errors
///
/// As [`backup`]; the transaction can only be rolled back then.
pub async fn backup_within(
    connection: &mut PgConnection,
    dumper: &Dumper,
    slug: &str,
    file: &Path,
    outside: Outside<'_>,
) -> Result<Backup, StoreError> {
    file::refuse_existing(file)?;
    dumper.refuse_pooler().await?;
    let manifest = manifest::gather(connection, slug, outside).await?;
    let (dumper, file) = (dumper.clone(), file.to_owned());
    let writing = spawn_blocking(move || {
        let server = manifest.server_major;
        write(&file, manifest, |arguments, draft| dumper.run(server, arguments, draft.text()))
    });
    Ok(joined(writing).await?)
}

#[cfg(feature = "embedded")]
async fn backup_embedded(
    mut session: Session,
    slug: &str,
    file: &Path,
    outside: Outside<'_>,
) -> Result<(Session, Backup), StoreError> {
    let mut tx = session.begin().await?;
    let manifest = manifest::gather(&mut tx, slug, outside).await?;
    done_reading(tx).await?;
    let file = file.to_owned();
    session
        .paused(move |folder| {
            write(&file, manifest, |arguments, draft| {
                draft.line(&super::connection::embedded::dump(folder, arguments)?)
            })
        })
        .await
}

/// Fails: without the embedded engine there is no session of an embedded database.
#[cfg(not(feature = "embedded"))]
async fn backup_embedded(
    _session: Session,
    _slug: &str,
    _file: &Path,
    _outside: Outside<'_>,
) -> Result<(Session, Backup), StoreError> {
    Err(StoreError::NoDatabase)
}

/// Writes the file around what `dump` writes of some tables, which its arguments choose.
fn write(
    file: &Path,
    manifest: Manifest,
    dump: impl Fn(&[String], &mut Draft) -> Result<(), BackupError>,
) -> Result<Backup, BackupError> {
    let mut draft = Draft::begin(file, &manifest)?;
    dump(&dump::schema(&manifest.schema), &mut draft)?;
    if !manifest.outside.is_empty() {
        draft.line(file::OUTSIDE)?;
        dump(&dump::tables(&manifest.outside_schema, manifest.outside.keys()), &mut draft)?;
    }
    let bytes = draft.finish()?;
    let tables = manifest.own_tables();
    Ok(Backup {
        slug: manifest.slug,
        company_schema: manifest.schema,
        file: file.to_owned(),
        bytes,
        tables,
        outside: manifest.outside,
    })
}
