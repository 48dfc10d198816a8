//! URL, `PG*` or nothing → one connection.

use std::env;
#[cfg(feature = "embedded")]
use std::path::Path;
use std::path::PathBuf;
use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection, PgConnection};
#[cfg(feature = "embedded")]
use tokio::task::spawn_blocking;
use tracing::log::LevelFilter;

use super::transaction::{Limits, Link, NotBegun, Until};
use super::turn::{Answers, Turn};
#[cfg(feature = "embedded")]
use crate::store::BackupError;
#[cfg(feature = "embedded")]
use crate::store::blocking::joined;
use crate::store::connection::address;
use crate::store::{StoreError, Transaction};

/// How long a server has to answer before vama says that it does not.
const CONNECT_SECONDS_MAX: u64 = 15;

/// What the "URL" of an embedded database in a folder of one's choice begins with.
const EMBEDDED: &str = "embedded:";

/// Which database to use.
#[derive(Debug, Clone)]
pub enum Database {
    /// A PostgreSQL server, 15 or newer.
    Server(Box<PgConnectOptions>),
    /// The PostgreSQL inside this program, with its data in a folder of its own.
    Embedded(PathBuf),
}

impl Database {
    /// Returns the database that the flag, `DATABASE_URL` or libpq's `PG*` name, in that order;
    /// with none of these the embedded one in `folder`.
    ///
    /// # Errors
    ///
    /// A URL that cannot be understood; no database named where none is built in.
    pub fn choose(url: Option<&str>, folder: impl FnOnce() -> PathBuf) -> Result<Self, StoreError> {
        let variable = env::var("DATABASE_URL").ok().filter(|url| !url.is_empty());
        if let Some(url) = url.or(variable.as_deref()) {
            return Self::of_url(url);
        }
        let libpq = ["PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER"];
        if libpq.iter().any(|name| env::var_os(name).is_some()) {
            return Ok(Self::Server(Box::new(address::of_variables()?)));
        }
        match cfg!(feature = "embedded") {
            true => Ok(Self::Embedded(folder())),
            false => Err(StoreError::NoDatabase),
        }
    }

    fn of_url(url: &str) -> Result<Self, StoreError> {
        match url.strip_prefix(EMBEDDED) {
            Some("") => Err(StoreError::Url {
                what: "the database URL",
                reason: "embedded: needs a folder behind it".to_owned(),
            }),
            Some(folder) => Ok(Self::Embedded(PathBuf::from(folder))),
            None => Ok(Self::Server(Box::new(address::of_url(url)?))),
        }
    }

    /// Refuses an embedded database that another vama uses, without starting it.
    ///
    /// # Errors
    ///
    /// [`StoreError::EmbeddedBusy`], or a folder that cannot be looked into.
    pub fn refuse_busy(&self) -> Result<(), StoreError> {
        #[cfg(feature = "embedded")]
        if let Self::Embedded(folder) = self
            && folder.exists()
        {
            super::embedded::lock(folder)?;
        }
        Ok(())
    }

    /// Returns where the database is, without user or password.
    pub fn place(&self) -> String {
        match self {
            Self::Server(options) => match options.get_socket() {
                Some(socket) => format!("at {}", socket.display()),
                None => format!("at {}:{}", options.get_host(), options.get_port()),
            },
            Self::Embedded(folder) => format!("in {}", folder.display()),
        }
    }

    /// Opens a connection.
    ///
    /// # Errors
    ///
    /// No server, no answer in time, or an embedded database that is in use or does not start.
    pub async fn connect(&self) -> Result<Session, StoreError> {
        let mut session = Session {
            link: None,
            database: self.clone(),
            begun: 0,
            #[cfg(feature = "embedded")]
            engine: match self {
                Self::Server(_) => None,
                Self::Embedded(folder) => Some(super::embedded::start(folder)?),
            },
        };
        session.link = Some(session.new_link().await?);
        Ok(session)
    }
}

/// Opens a connection; every connection of vama is opened here.
pub(crate) async fn connect(
    options: &PgConnectOptions,
    place: String,
) -> Result<PgConnection, StoreError> {
    use sqlx::ConnectOptions;
    // A pooler in transaction mode knows neither named statements nor unusual start parameters.
    let options = options
        .clone()
        .statement_cache_capacity(0)
        .extra_float_digits(None)
        .application_name("vama")
        // Statements may have values in their text, and a log must not have them.
        .log_statements(LevelFilter::Off)
        .log_slow_statements(LevelFilter::Off, Duration::ZERO);
    let limit = Duration::from_secs(CONNECT_SECONDS_MAX);
    match tokio::time::timeout(limit, PgConnection::connect_with(&options)).await {
        Ok(Ok(connection)) => {
            #[cfg(unix)]
            if let Err(error) = super::socket::set_options(options.get_port()) {
                tracing::debug!(%error, "the connection keeps the system's settings");
            }
            Ok(connection)
        }
        Ok(Err(source)) => Err(StoreError::Connect { place, source }),
        Err(_) => Err(StoreError::ConnectTimeout { place, seconds: CONNECT_SECONDS_MAX }),
    }
}

/// Ends a transaction that only read.
///
/// Dropping it would leave the ROLLBACK to the next statement, and the server waiting in a
/// transaction meanwhile.
pub(crate) async fn done_reading(tx: Transaction<'_>) -> Result<(), StoreError> {
    tx.rollback().await.map_err(StoreError::at("ending the transaction"))
}

/// One connection, and the embedded engine behind it where there is one. A connection that broke is
/// replaced when the next transaction begins.
#[derive(Debug)]
pub struct Session {
    /// None where it broke and no other could be made yet.
    link: Option<Link>,
    database: Database,
    /// How many transactions were begun. Each has the server send its number back.
    begun: i64,
    #[cfg(feature = "embedded")]
    engine: Option<super::embedded::Engine>,
}

impl Session {
    /// Begins a transaction that waits for a lock for ten minutes at most.
    ///
    /// # Errors
    ///
    /// A connection that is lost, where no other is to be had.
    pub async fn begin(&mut self) -> Result<Transaction<'_>, StoreError> {
        self.begin_within(Limits::USUAL).await
    }

    /// Begins a transaction; on a new connection where the old one broke since it was last used.
    pub(crate) async fn begin_within(
        &mut self,
        limits: Limits,
    ) -> Result<Transaction<'_>, StoreError> {
        self.begin_with(limits, &Turn::default()).await.map(|(tx, _)| tx)
    }

    /// Begins a transaction and takes a turn in it; on a new connection where the old one broke
    /// since it was last used. Where a statement of the turn fails there is no transaction.
    pub(crate) async fn begin_with(
        &mut self,
        limits: Limits,
        turn: &Turn,
    ) -> Result<(Transaction<'_>, Answers), StoreError> {
        let (link, answers) = self.on_a_link(Until::Ended, limits, turn).await?;
        Ok((Transaction::on(link), answers))
    }

    /// Takes a turn that only reads, in a transaction of its own that ends with it.
    pub(crate) async fn look(
        &mut self,
        limits: Limits,
        turn: &Turn,
    ) -> Result<Answers, StoreError> {
        self.on_a_link(Until::Answered, limits, turn).await.map(|(_, answers)| answers)
    }

    /// Begins a transaction on the connection, or on a new one where the old one turns out to be
    /// broken.
    async fn on_a_link(
        &mut self,
        until: Until,
        limits: Limits,
        turn: &Turn,
    ) -> Result<(&mut Link, Answers), StoreError> {
        self.begun += 1;
        // Taken out of the session while it is tried, so that a broken connection is gone before
        // another is opened.
        if let Some(mut link) = self.link.take() {
            match link.begin(until, limits, self.begun, turn).await {
                Ok(answers) => return Ok((self.link.insert(link), answers)),
                Err(NotBegun::Refused(error)) => {
                    self.link = Some(link);
                    return Err(error);
                }
                Err(NotBegun::Unusable(error)) => {
                    tracing::debug!(error = error.with_cause(), "connecting again");
                }
            }
        }
        let mut link = self.new_link().await?;
        match link.begin(until, limits, self.begun, turn).await {
            Ok(answers) => Ok((self.link.insert(link), answers)),
            Err(NotBegun::Refused(error)) => {
                self.link = Some(link);
                Err(error)
            }
            Err(NotBegun::Unusable(error)) => Err(error),
        }
    }

    /// Opens a connection to the server, or to the embedded engine.
    async fn new_link(&self) -> Result<Link, StoreError> {
        let place = self.database.place();
        #[cfg(feature = "embedded")]
        if let Some(engine) = &self.engine {
            return Ok(Link::new(connect(&address::of_url(&engine.url())?, place).await?));
        }
        match &self.database {
            Database::Server(options) => Ok(Link::new(connect(options, place).await?)),
            Database::Embedded(_) => Err(StoreError::NoDatabase),
        }
    }

    /// Drops the connection, in whatever state it is; the next transaction begins on another.
    pub(crate) fn forget_connection(&mut self) {
        self.link = None;
    }

    /// Returns the database that the session is connected to.
    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    /// Opens another session beside this one; `None` for the embedded engine, which has only one
    /// connection.
    pub(crate) async fn another(&self) -> Result<Option<Self>, StoreError> {
        match &self.database {
            Database::Server(_) => self.database.connect().await.map(Some),
            Database::Embedded(_) => Ok(None),
        }
    }

    /// Runs work on the embedded database's folder while its engine is stopped, and starts it
    /// again; no other vama gets at the folder meanwhile.
    #[cfg(feature = "embedded")]
    pub(crate) async fn paused<T: Send + 'static>(
        self,
        work: impl FnOnce(&Path) -> Result<T, BackupError> + Send + 'static,
    ) -> Result<(Self, T), StoreError> {
        let Self { link, database, begun, engine } = self;
        let (Database::Embedded(folder), Some(engine)) = (database.clone(), engine) else {
            return Err(StoreError::NoDatabase);
        };
        // An open connection would keep the engine from stopping.
        if let Some(link) = link {
            drop(link.connection.close().await);
        }
        let working = spawn_blocking(move || {
            let lock = engine.pause();
            let done = work(&folder)?;
            Ok::<_, StoreError>((super::embedded::start_locked(&folder, lock)?, done))
        });
        let (engine, done) = joined(working).await?;
        let mut session = Self { link: None, database, begun, engine: Some(engine) };
        session.link = Some(session.new_link().await?);
        Ok((session, done))
    }

    /// Says goodbye to the database and stops the embedded engine.
    pub async fn close(self) {
        // The work is committed or rolled back by now; a goodbye that fails changes nothing.
        if let Some(link) = self.link {
            drop(link.connection.close().await);
        }
        #[cfg(feature = "embedded")]
        if let Some(engine) = self.engine {
            engine.stop();
        }
    }
}
