//! The companies that the registry has.

use chrono::{DateTime, Utc};
use sqlx::postgres::PgRow;
use sqlx::types::Json;
use sqlx::{PgConnection, Row};
use uuid::Uuid;

use super::turn::{Answers, Turn, Value};
use crate::store::StoreError;

const READING: &str = "reading the registry";

/// A company as the registry has it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Company {
    /// Its identifier.
    pub id: Uuid,
    /// What it is called on the command line.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Its schema in the database.
    pub schema: String,
    /// Its fiscal code as it was given: with `RO` where it pays VAT. A copy beside its original has
    /// none.
    pub cif: Option<String>,
    /// What it does.
    pub industry: Option<String>,
    /// Whether files may go in.
    pub is_active: bool,
    /// Since when it is in the registry.
    pub created_at: DateTime<Utc>,
    /// What routes files to it: IBANs, `gls:<client number>`, `netopia:<terminal id>`, `emag:<seller id>`.
    pub accounts: Vec<String>,
}

impl Company {
    /// Returns the slug as a list of companies shows it.
    pub fn listed(&self) -> String {
        let inactive = if self.is_active { "" } else { " (inactive)" };
        format!("{}{inactive}", self.slug)
    }

    fn of(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            id: row.try_get("id")?,
            slug: row.try_get("slug")?,
            name: row.try_get("name")?,
            schema: row.try_get("schema_name")?,
            cif: row.try_get("cif")?,
            industry: row.try_get("industry")?,
            is_active: row.try_get("is_active")?,
            created_at: row.try_get("created_at")?,
            accounts: row.try_get::<Json<_>, _>("accounts")?.0,
        })
    }
}

/// Returns every company, by slug, in the transaction of the caller.
pub(crate) async fn all(connection: &mut PgConnection) -> Result<Vec<Company>, StoreError> {
    read(connection, None).await
}

/// Returns the company of that slug, active or not.
pub(crate) async fn find(connection: &mut PgConnection, slug: &str) -> Result<Company, StoreError> {
    match read(connection, Some(slug)).await?.pop() {
        Some(company) => Ok(company),
        None => Err(unknown(connection, slug).await?),
    }
}

/// Returns the company of a row that was looked up by the slug; without a row there is no such company.
pub(crate) async fn company_of(
    connection: &mut PgConnection,
    row: Option<PgRow>,
    slug: &str,
    step: &'static str,
) -> Result<Company, StoreError> {
    match row {
        Some(row) => Company::of(&row).map_err(StoreError::at(step)),
        None => Err(unknown(connection, slug).await?),
    }
}

/// Returns the error that says which companies there are instead, or that the company is inactive.
pub(crate) async fn unknown(
    connection: &mut PgConnection,
    slug: &str,
) -> Result<StoreError, StoreError> {
    Ok(none_of(&all(connection).await?, slug))
}

/// Returns why no file goes into a company of that slug, which is no active one of all companies.
pub fn none_of(companies: &[Company], slug: &str) -> StoreError {
    match companies.iter().any(|it| it.slug == slug) {
        true => StoreError::InactiveCompany { slug: slug.to_owned(), advice: make_active(slug) },
        false => {
            let known = companies.iter().map(Company::listed).collect();
            StoreError::UnknownCompany { slug: slug.to_owned(), known }
        }
    }
}

/// Returns how an inactive company is made active.
fn make_active(slug: &str) -> String {
    format!("`vama company activate {slug}` makes it active again")
}

pub(crate) async fn read(
    connection: &mut PgConnection,
    slug: Option<&str>,
) -> Result<Vec<Company>, StoreError> {
    companies_of(&mut read_in(Turn::default(), slug).take(connection).await?)
}

/// Adds the statement that reads every company, or the one of a slug; its answer belongs to
/// [`companies_of`].
pub(crate) fn read_in(turn: Turn, slug: Option<&str>) -> Turn {
    let slug = slug.map_or(Value::Null, Value::Text);
    turn.add(READING, include_str!("../sql/company/companies.sql"), &[slug])
}

/// Returns the companies, by the answer of [`read_in`].
pub(crate) fn companies_of(answers: &mut Answers) -> Result<Vec<Company>, StoreError> {
    let companies = answers.rows()?.iter().map(Company::of).collect::<Result<_, _>>();
    companies.map_err(StoreError::at(READING))
}
