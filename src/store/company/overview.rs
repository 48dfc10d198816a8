//! The companies as people look at them: how large, how current, whose.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

use crate::store::company::begin::{explained, is_there};
use crate::store::company::grant;
use crate::store::connection::registry::{Company, all, find};
use crate::store::connection::session::done_reading;
use crate::store::connection::statement::query_as;
use crate::store::connection::transaction::Limits;
use crate::store::connection::turn::{Answers, Turn, Value};
use crate::store::connection::version;
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
    /// What they take on disk, indexes included.
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
    /// Where its logo is.
    pub logo_url: Option<String>,
    /// The platform's settings of it, by their key.
    pub settings: BTreeMap<String, serde_json::Value>,
    /// How many rows each of its tables has.
    #[serde(skip)]
    pub counts: BTreeMap<String, i64>,
}

/// A company of a list, or why nothing can be said of it: it is locked, damaged, on a node that does not
/// answer.
pub type Listed = Result<Overview, (Company, StoreError)>;

/// Returns every company with its size, by slug. Rows are counted, not estimated.
///
/// # Errors
///
/// A database that fails, or whose registry is missing or behind. A company that cannot be looked at
/// keeps none of the others out.
pub async fn overview(session: &mut Session) -> Result<Vec<Listed>, StoreError> {
    let mut tx = session.begin_within(Limits::LOOK).await?;
    if let Err(error) = version::check_registry(&mut tx).await {
        // Rolled back, so that the session can ask why. An error of the rollback says less.
        drop(tx.rollback().await);
        return Err(explained(session, error).await?);
    }
    let companies = all(&mut tx).await?;
    let statements = statements(&mut tx, None).await?;
    let mut statements: HashMap<String, Statements> =
        statements.into_iter().map(|it| (it.slug.clone(), it)).collect();
    done_reading(tx).await?;
    // A company that was made or removed between the two queries is left out.
    let companies = companies.into_iter();
    let asked = companies.filter_map(|it| statements.remove(&it.slug).map(|asked| (it, asked)));
    let asked: Vec<(Company, Statements)> = asked.collect();
    let mut listed = Vec::with_capacity(asked.len());
    for some in asked.chunks(COMPANIES_AT_ONCE) {
        match count_all(session, some).await {
            Ok(overviews) => listed.extend(overviews.into_iter().map(Ok)),
            // One of them fails; each by itself, all others are counted.
            Err(_) => {
                for one in some {
                    listed.extend(count_alone(session, one).await?);
                }
            }
        }
    }
    Ok(listed)
}

/// Counts the rows of companies, all in one turn.
async fn count_all(
    session: &mut Session,
    companies: &[(Company, Statements)],
) -> Result<Vec<Overview>, StoreError> {
    let turn = companies.iter().fold(Turn::default(), |turn, (_, asked)| asked.add_to(turn));
    let mut answers = session.look(Limits::GLANCE, &turn).await?;
    companies.iter().map(|(company, _)| overview_of(company.clone(), &mut answers)).collect()
}

/// Counts the rows of one company; returns nothing where it was removed meanwhile.
async fn count_alone(
    session: &mut Session,
    one: &(Company, Statements),
) -> Result<Option<Listed>, StoreError> {
    let (company, _) = one;
    match count_all(session, std::slice::from_ref(one)).await {
        Ok(overviews) => Ok(overviews.into_iter().next().map(Ok)),
        // Nobody can be asked.
        Err(error) if error.is_away() => Err(error),
        Err(_) if !is_there(session, &company.slug).await? => Ok(None),
        Err(error) => Ok(Some(Err((company.clone(), error)))),
    }
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
    let (logo_url, keys, texts): (Option<String>, Vec<String>, Vec<String>) =
        query_as(include_str!("../sql/company/profile.sql"))
            .bind(company.id)
            .fetch_one(&mut *tx)
            .await
            .map_err(StoreError::at("reading the company's settings"))?;
    // What the server takes for JSON and this program does not (a number of 400 digits) is told as it is.
    let value = |text: String| serde_json::from_str(&text).unwrap_or_else(|_| text.into());
    let settings = keys.into_iter().zip(texts.into_iter().map(value)).collect();
    let asked = statements(&mut tx, Some(slug)).await?.pop();
    let asked = asked.ok_or(sqlx::Error::RowNotFound).map_err(StoreError::at(STEP))?;
    let mut answers = asked.add_to(Turn::default()).take(&mut tx).await?;
    let overview = overview_of(company, &mut answers)?;
    done_reading(tx).await?;
    Ok(CompanyDetails { overview, grants, users, logo_url, settings, counts })
}

const STEP: &str = "counting the company's rows";

/// The statements that count a company's rows and measure its tables.
#[derive(sqlx::FromRow)]
struct Statements {
    slug: String,
    rows: String,
    tables: String,
}

impl Statements {
    fn add_to(&self, turn: Turn) -> Turn {
        turn.add_quoted(STEP, &self.rows).add_quoted(STEP, &self.tables)
    }
}

async fn statements(
    connection: &mut PgConnection,
    slug: Option<&str>,
) -> Result<Vec<Statements>, StoreError> {
    let slug = slug.map_or(Value::Null, Value::Text);
    let sql = include_str!("../sql/company/overview_statements.sql");
    Turn::default().add(STEP, sql, &[slug]).take(connection).await?.values(STEP)
}

/// Returns the overview of a company, by the answers to its two statements.
fn overview_of(company: Company, answers: &mut Answers) -> Result<Overview, StoreError> {
    let (version, rows, last_import) = answers.value(STEP)?;
    let (tables, bytes) = answers.value(STEP)?;
    Ok(Overview { company, version, tables, rows, bytes, last_import })
}
