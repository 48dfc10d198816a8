//! Bringing all companies to the newest version, several at a time.

use std::sync::Mutex;
use std::time::Duration;

use futures_util::future::join_all;
use sqlx::PgConnection;

use crate::fault::Fault;
use crate::store::connection::cluster;
use crate::store::connection::enter::enter_schema;
use crate::store::connection::lock::{begin_change_within, lock_company};
use crate::store::connection::session::done_reading;
use crate::store::connection::statement::{fetch_quoted, query_as};
use crate::store::connection::transaction::Limits;
use crate::store::connection::version::{Migrations, REGISTRY};
use crate::store::connection::{registry, role, version};
use crate::store::migrate::bring::{bring_public, run};
use crate::store::{Session, StoreError, company};

/// Companies that are migrated at once: a server with few cores is no faster with more, and a
/// pooler has few connections to give.
const JOBS: usize = 4;

/// How long one try waits for a lock, which an import, somebody's query or another change may hold,
/// and how long one statement of a migration may take.
const TRY: Limits = Limits { statement: Some(Duration::from_secs(30 * 60)), ..Limits::LOOK };

/// How often a schema is tried while something else keeps it busy.
const TRIES_MAX: u32 = 3;

/// The pause before the second try; it doubles.
const PAUSE: Duration = Duration::from_millis(500);

/// Companies that are looked at in one transaction: each table that is read is locked until its
/// end, and a server has room for some thousands of locks.
const LOOKED_AT_ONCE: usize = 100;

const LOOKING: &str = "looking at the company's version";

/// What a migration of one schema came to.
#[derive(Debug)]
pub struct Migrated {
    /// The company's slug.
    pub slug: String,
    /// Whether anything had to be done, or why it failed.
    pub result: Result<bool, StoreError>,
}

/// Brings the registry to the newest version. Returns whether anything had to be done.
///
/// # Errors
///
/// A migration or a database that fails; nothing is changed then.
pub async fn migrate_public(session: &mut Session) -> Result<bool, StoreError> {
    // The limit is short, since all imports wait behind a statement that waits for a table of the
    // registry.
    again_while_busy(REGISTRY, async || {
        let mut tx = begin_change_within(session, TRY).await?;
        let changed = bring_public(&mut tx).await?;
        tx.commit().await.map_err(StoreError::at("migrating the registry"))?;
        Ok(changed)
    })
    .await
}

/// Brings every company, active or not, to the newest version, and returns what came of each, by
/// slug.
///
/// Each company is migrated in a transaction of its own, under its own lock; on a server several at
/// a time. A company that fails does not stop the others, a company that is busy is tried again.
/// Companies at the newest version are only looked at. A role that is missing is made where this
/// user may.
///
/// # Errors
///
/// A registry that cannot be read.
pub async fn migrate_companies(
    session: &mut Session,
    migrations: &Migrations,
) -> Result<Vec<Migrated>, StoreError> {
    let mut results = Vec::new();
    let mut behind = Vec::new();
    for Inspected { slug, versions, has_role, .. } in look(session, migrations).await? {
        match versions {
            Ok(versions) if versions.are_current && has_role => {
                results.push(Migrated { slug, result: Ok(false) });
            }
            Ok(_) => behind.push(Behind { slug, has_role }),
            Err(error) => results.push(Migrated { slug, result: Err(error) }),
        }
    }
    let mut more = more_sessions(session, behind.len()).await;
    let queue = Mutex::new(behind.into_iter());
    let workers = more.iter_mut().chain([&mut *session]);
    let done = join_all(workers.map(|session| work(session, &queue, migrations))).await;
    results.extend(done.into_iter().flatten());
    // Companies are left in the queue only where every connection was lost; they are reported as
    // not tried.
    for Behind { slug, .. } in queue.into_inner().into_iter().flatten() {
        results.push(Migrated { slug, result: Err(StoreError::Untried) });
    }
    for session in more {
        session.close().await;
    }
    results.sort_by(|a, b| a.slug.cmp(&b.slug));
    Ok(results)
}

/// A company that lacks migrations, its role, or both.
struct Behind {
    slug: String,
    has_role: bool,
}

/// A company, and which migrations it has had.
pub(crate) struct Inspected {
    pub(crate) slug: String,
    pub(crate) schema: String,
    pub(crate) versions: Result<Applied, StoreError>,
    /// Whether its own role is as it should be; true as well where this user could not make one.
    pub(crate) has_role: bool,
}

/// Which migrations a company has had.
pub(crate) struct Applied {
    /// Whether they are exactly the ones that this program brings.
    pub(crate) are_current: bool,
    /// The newest; 0 where there is none.
    pub(crate) newest: i64,
}

/// Looks at all companies, active or not. A company that cannot be looked at does not stop the
/// others.
pub(crate) async fn look(
    session: &mut Session,
    migrations: &Migrations,
) -> Result<Vec<Inspected>, StoreError> {
    let mut tx = session.begin().await?;
    version::check_registry(&mut tx).await?;
    let has_workers = cluster::has_workers(&mut tx).await?;
    let companies: Vec<(String, String, Option<String>, bool)> =
        query_as(include_str!("../sql/migrate/applied_migrations.sql"))
            .bind(has_workers)
            .fetch_all(&mut *tx)
            .await
            .map_err(StoreError::at(LOOKING))?;
    done_reading(tx).await?;
    let mut looked = Vec::with_capacity(companies.len());
    let mut companies = companies.into_iter().peekable();
    while companies.peek().is_some() {
        let mut tx = session.begin_within(Limits::LOOK).await?;
        for (slug, schema, statement, has_role) in companies.by_ref().take(LOOKED_AT_ONCE) {
            let versions = versions(&mut tx, statement, migrations).await;
            let failed = versions.is_err();
            looked.push(Inspected { slug, schema, versions, has_role });
            if failed {
                // Nothing else can be asked in this transaction.
                break;
            }
        }
        done_reading(tx).await?;
        // A company that was removed meanwhile needs no migration.
        if let Some(Inspected { slug, versions: Err(_), .. }) = looked.last()
            && !company::begin::is_there(session, slug).await?
        {
            looked.pop();
        }
    }
    Ok(looked)
}

async fn versions(
    connection: &mut PgConnection,
    statement: Option<String>,
    migrations: &Migrations,
) -> Result<Applied, StoreError> {
    let Some(statement) = statement else {
        return Ok(Applied { are_current: false, newest: 0 });
    };
    let (versions, checksums): (Option<Vec<i64>>, Option<Vec<Vec<u8>>>) =
        fetch_quoted(connection, statement, LOOKING).await?;
    let (versions, checksums) = (versions.unwrap_or_default(), checksums.unwrap_or_default());
    Ok(Applied {
        are_current: migrations.are(&versions, &checksums),
        newest: versions.last().copied().unwrap_or_default(),
    })
}

/// Opens more connections for so many companies. Where no more are to be had, fewer do the work.
async fn more_sessions(session: &Session, companies: usize) -> Vec<Session> {
    let mut more = Vec::new();
    while more.len() + 1 < JOBS.min(companies) {
        match session.another().await {
            Ok(Some(another)) => more.push(another),
            Ok(None) => break,
            Err(error) => {
                tracing::debug!(%error, "no further connection");
                break;
            }
        }
    }
    more
}

/// Migrates companies from the queue until it is empty, or the connection lost.
async fn work(
    session: &mut Session,
    queue: &Mutex<impl Iterator<Item = Behind>>,
    migrations: &Migrations,
) -> Vec<Migrated> {
    let mut done = Vec::new();
    loop {
        let next = queue.lock().ok().and_then(|mut queue| queue.next());
        let Some(Behind { slug, has_role }) = next else { return done };
        let migrate = async || migrate_company(session, &slug, migrations).await;
        let result = again_while_busy(&slug, migrate).await;
        let lost = result.as_ref().is_err_and(|error| error.fault() == Fault::Lost);
        let result = result.map(|migrated| migrated || !has_role);
        done.push(Migrated { slug, result });
        if lost {
            return done;
        }
    }
}

/// Runs a migration, and tries it again where something else keeps the schema busy.
async fn again_while_busy(
    what: &str,
    mut migrate: impl AsyncFnMut() -> Result<bool, StoreError>,
) -> Result<bool, StoreError> {
    let mut pause = PAUSE;
    let mut tries = 1;
    loop {
        match migrate().await {
            Err(error)
                if tries < TRIES_MAX
                    && error.fault().is_transient()
                    && error.fault() != Fault::Lost =>
            {
                tracing::info!(company = what, error = error.with_cause(), tries, "trying again");
                tokio::time::sleep(pause).await;
                (tries, pause) = (tries + 1, pause * 2);
            }
            result => return result,
        }
    }
}

async fn migrate_company(
    session: &mut Session,
    slug: &str,
    migrations: &Migrations,
) -> Result<bool, StoreError> {
    let step = "migrating the company";
    let mut tx = begin_change_within(session, TRY).await?;
    // The lock comes before any look at the company: another migration may be making the role.
    lock_company(&mut tx, slug).await?;
    let company = registry::find(&mut tx, slug).await?;
    enter_schema(&mut tx, &company.schema).await?;
    role::make(&mut tx, &company.schema).await?;
    let changed = run(&mut tx, slug, migrations).await?;
    role::give_rights(&mut tx, &company.schema).await?;
    company::give_again(&mut tx, &company.schema).await?;
    tx.commit().await.map_err(StoreError::at(step))?;
    Ok(changed)
}
