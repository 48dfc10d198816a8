//! Flags and environment → the database.

use std::path::PathBuf;

use super::Global;
use crate::store::{Database, Session, StoreError};

/// Opens the database that the flags and the environment name.
pub(super) async fn open(global: &Global) -> Result<Session, StoreError> {
    choose(global)?.connect().await
}

/// Returns the database that the flags and the environment name; says so where it is the embedded one.
pub(super) fn choose(global: &Global) -> Result<Database, StoreError> {
    let database = Database::choose(global.database_url.as_deref(), || data_folder("postgres"))?;
    if let Database::Embedded(folder) = &database {
        global.note(&format!("using the embedded database in {}", folder.display()));
    }
    Ok(database)
}

/// Returns a folder of that name in the user's data folder.
pub(super) fn data_folder(name: &str) -> PathBuf {
    let folder = directories::ProjectDirs::from("", "", "vama");
    folder.map_or_else(|| PathBuf::from("vama-data"), |it| it.data_dir().to_owned()).join(name)
}
