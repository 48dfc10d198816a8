//! The companies as people look at them: how large, how current, whose.

use crate::store::connection::version;
use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::store::company::begin::is_there;
use crate::store::company::grant;
use crate::store::connection::registry::{Company, all, find};
use crate::store::connection::session::done_reading;
use crate::store::connection::statement::{fetch_quoted, query_as};
use crate::store::connection::transaction::Limits;
use crate::store::migrate::catalog::counts;
use crate::store::{Session, StoreError};

/// Companies that are counted in one transaction: each table that is read is locked until its end,
/// and a server has room for some thousands of locks.
const COMPANIES_AT_ONCE: usize = 50;

/// A company and its size.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Overview {
    /// The company.
    #[serde(flatten)]
    pub company: Company,
    /// The version of its tables; none where it has none.
    pub version: Option<i64>,
    /// How many tables its schema has.
    pub tables: i64,
    /// How many rows they have together.
    pub rows: i64,
    /// What they take on disk, indexes included; 0 where they are on another node.
    pub bytes: i64,
    /// When the last completed import ended.
    pub last_import: Option<DateTime<Utc>>,
}

/// Somebody who may look after a company.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, serde::Serialize)]
pub struct User {
    /// The name to sign in with.
    pub username: String,
    /// What the platform calls them.
    pub display_name: Option<String>,
    /// `admin`, `user` or `viewer`.
    pub role: String,
    /// Whether they may sign in.
    pub is_active: bool,
    /// When the platform got to know them.
    pub created_at: DateTime<Utc>,
}

/// Everything that is to be known of one company.
#[derive(Debug, Clone, serde::Serialize)]
pub struct CompanyDetails {
    /// The company and its size.
    #[serde(flatten)]
    pub overview: Overview,
    /// The roles that may use its schema, besides the schema's owner and the company's own role.
    pub grants: Vec<String>,
    /// Who may look after it.
    pub users: Vec<User>,
    /// How many rows each of its tables has.
    #[serde(skip)]
    pub counts: BTreeMap<String, i64>,
}

/// Returns every company with its size, by slug. Rows are counted, not estimated.
///
/// # Errors
///
/// A database that fails, or whose registry is missing or behind.
pub async fn overview(session: &mut Session) -> Result<Vec<Overview>, StoreError> {
    let mut tx = session.begin_within(Limits::LOOK).await?;
    version::check_registry(&mut tx).await?;
    let companies = all(&mut tx).await?;
    let facts = statements(&mut tx, None).await?;
    let mut facts: HashMap<String, Facts> =
        facts.into_iter().map(|facts| (facts.0.clone(), facts)).collect();
    done_reading(tx).await?;
    let mut overviews = Vec::with_capacity(companies.len());
    let mut companies = companies.into_iter().peekable();
    while companies.peek().is_some() {
        let mut tx = session.begin_within(Limits::LOOK).await?;
        let mut failed = None;
        for company in companies.by_ref().take(COMPANIES_AT_ONCE) {
            // A company that was made or removed between the two queries is left out.
            let Some(facts) = facts.remove(&company.slug) else { continue };
            let slug = company.slug.clone();
            match count(&mut tx, company, facts).await {
                Ok(overview) => overviews.push(overview),
                Err(error) => {
                    failed = Some((slug, error));
                    // Nothing else can be asked in this transaction.
                    break;
                }
            }
        }
        done_reading(tx).await?;
        // A company that was removed before its rows were counted is left out too.
        if let Some((slug, error)) = failed
            && is_there(session, &slug).await?
        {
            return Err(error);
        }
    }
    Ok(overviews)
}

/// Returns one company with all that is to be known of it.
///
/// # Errors
///
/// [`StoreError::UnknownCompany`], or a database that fails.
pub async fn details(session: &mut Session, slug: &str) -> Result<CompanyDetails, StoreError> {
    let mut tx = session.begin_within(Limits::LOOK).await?;
    version::check_registry(&mut tx).await?;
    let company = find(&mut tx, slug).await?;
    let mut counts = counts(&mut tx, &company.schema, None).await?;
    counts.remove(version::VERSIONS);
    let grants = grant::grants(&mut tx, &company.schema).await?;
    let users = query_as(include_str!("../sql/company/users.sql"))
        .bind(company.id)
        .fetch_all(&mut *tx)
        .await
        .map_err(StoreError::at("reading the company's users"))?;
    let facts = statements(&mut tx, Some(slug)).await?.pop();
    let facts = facts.ok_or(sqlx::Error::RowNotFound).map_err(StoreError::at(STEP))?;
    let overview = count(&mut tx, company, facts).await?;
    done_reading(tx).await?;
    Ok(CompanyDetails { overview, grants, users, counts })
}

const STEP: &str = "counting the company's rows";

/// Slug, tables, bytes, and the statement that counts the rows.
type Facts = (String, i64, i64, String);

async fn statements(
    connection: &mut PgConnection,
    slug: Option<&str>,
) -> Result<Vec<Facts>, StoreError> {
    query_as(include_str!("../sql/company/overview_statements.sql"))
        .bind(slug)
        .fetch_all(connection)
        .await
        .map_err(StoreError::at(STEP))
}

async fn count(
    connection: &mut PgConnection,
    company: Company,
    (_, tables, bytes, statement): Facts,
) -> Result<Overview, StoreError> {
    let (version, rows, last_import) = fetch_quoted(connection, statement, STEP).await?;
    Ok(Overview { company, version, tables, rows, bytes, last_import })
}
