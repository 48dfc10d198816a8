//! Flags and environment → the database.

use std::path::{Path, PathBuf};
use std::sync::Once;

use super::Global;
use crate::store::{self, Database, Session, StoreError};

/// Opens the database that the flags and the environment name.
pub(super) async fn open(global: &Global) -> Result<Session, StoreError> {
    connect(&choose(global)?, global).await
}

/// Returns the database that the flags and the environment name.
pub(super) fn choose(global: &Global) -> Result<Database, StoreError> {
    Database::choose(global.database_url.as_deref(), usual_folder)
}

/// Opens a session.
pub(super) async fn connect(database: &Database, global: &Global) -> Result<Session, StoreError> {
    say_which(database, global);
    database.connect().await
}

/// Returns an error as it is told: of a server's database that has no registry, whether tables of
/// another program stand in its place. Most commands find the registry missing in a transaction, in
/// which nothing more can be asked then.
pub(super) async fn told_in_full(error: anyhow::Error, global: &Global) -> anyhow::Error {
    let lacks_registry =
        error.downcast_ref::<StoreError>().is_some_and(StoreError::is_without_registry);
    let Ok(database @ Database::Server(_)) = choose(global) else { return error };
    if !lacks_registry {
        return error;
    }
    let Ok(mut session) = database.connect().await else { return error };
    let told = store::companies(&mut session).await.map_or_else(Into::into, |_| error);
    session.close().await;
    told
}

/// Says, once a run, that the embedded database is used, where nobody has named one.
pub(super) fn say_which(database: &Database, global: &Global) {
    static SAID: Once = Once::new();
    if let Database::Embedded(folder) = database
        && *folder == usual_folder()
    {
        SAID.call_once(|| {
            global.note(&format!("using the embedded database in {}", in_home(folder)))
        });
    }
}

/// Returns the folder of the embedded database that is used where no database is named.
pub(super) fn usual_folder() -> PathBuf {
    data_folder("postgres")
}

/// Returns the path as people write it: the user's home is `~`.
fn in_home(path: &Path) -> String {
    let home = directories::BaseDirs::new().map(|it| it.home_dir().to_owned());
    match home.and_then(|home| path.strip_prefix(home).ok().map(Path::to_owned)) {
        Some(path) => format!("~/{}", path.display()),
        None => path.display().to_string(),
    }
}

/// Returns a folder of that name in the user's data folder.
pub(super) fn data_folder(name: &str) -> PathBuf {
    let folder = directories::ProjectDirs::from("", "", "vama");
    folder.map_or_else(|| PathBuf::from("vama-data"), |it| it.data_dir().to_owned()).join(name)
}
