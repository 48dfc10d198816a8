//! A backup before a step that takes something away.

use std::path::Path;

use sqlx::PgConnection;

use crate::store::backup::{Backup, Dumper, Outside, backup, backup_within};
use crate::store::{Session, StoreError};

/// Where a backup goes before a step, and what goes into it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Safeguard<'a> {
    pub(crate) slug: &'a str,
    /// None where the user wants no backup.
    pub(crate) file: Option<&'a Path>,
    /// Tables that go into the backup besides the company's own.
    pub(crate) outside: Outside<'a>,
}

impl Safeguard<'_> {
    /// Backs up before the step's transaction begins, where the database is the embedded engine: it
    /// has one connection, so nobody else can write meanwhile.
    pub(crate) async fn ahead(
        self,
        session: Session,
    ) -> Result<(Session, Option<Dumper>, Option<Backup>), StoreError> {
        match (self.file, session.dumper()) {
            (Some(file), None) => {
                let (session, made) = backup(session, self.slug, file, self.outside).await?;
                Ok((session, None, Some(made)))
            }
            (_, dumper) => Ok((session, dumper, None)),
        }
    }

    /// Backs up inside the step's transaction, where the database is a server: from the backup to
    /// its end the transaction keeps writers out.
    pub(crate) async fn within(
        self,
        connection: &mut PgConnection,
        dumper: Option<&Dumper>,
    ) -> Result<Option<Backup>, StoreError> {
        let (Some(file), Some(dumper)) = (self.file, dumper) else { return Ok(None) };
        backup_within(connection, dumper, self.slug, file, self.outside).await.map(Some)
    }
}
