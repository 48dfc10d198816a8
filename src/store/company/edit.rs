//! Changing what the registry says of a company: its name, its CIF, whether files may go in.

use std::collections::BTreeMap;

use super::begin::{begin_with_company_lock, begin_with_registry_lock};
use crate::store::connection::lock::lock_registry;
use crate::store::connection::statement::query;
use crate::store::connection::turn::{Turn, Value};
use crate::store::{Session, StoreError};

const EDITING: &str = "editing the company";

/// The settings that vama itself writes, so that no edit touches them: what routes files, and which
/// tables were adopted.
pub const OWN_SETTINGS: [&str; 2] = ["accounts", "adopted"];

/// What the registry is to say of a company. `None` leaves a value as it is, an empty text takes it
/// away; every value was checked before it comes here.
#[derive(Debug, Clone, Default)]
pub struct Edit {
    /// Its name; never empty.
    pub name: Option<String>,
    /// Its fiscal code, as [`NewCompany`](super::NewCompany) has it; never empty.
    pub cif: Option<String>,
    /// What it does.
    pub industry: Option<String>,
    /// Where its logo is.
    pub logo: Option<String>,
    /// Settings by their key, each as the text of its JSON; none of [`OWN_SETTINGS`].
    pub settings: BTreeMap<String, String>,
}

/// A value that an edit has changed.
#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow, serde::Serialize)]
pub struct Change {
    /// Which one: `name`, `CIF`, `industry`, `logo` or `setting KEY`.
    pub what: String,
    /// What stood there.
    #[sqlx(rename = "before")]
    pub from: Option<String>,
    /// What stands there now.
    #[sqlx(rename = "after")]
    pub to: Option<String>,
}

/// Changes what the registry says of the company, and returns what differs now.
///
/// # Errors
///
/// [`StoreError::UnknownCompany`]; [`StoreError::Taken`] where another company has the CIF; a database
/// that fails. Nothing is changed then.
pub async fn edit(
    session: &mut Session,
    slug: &str,
    edit: &Edit,
) -> Result<Vec<Change>, StoreError> {
    let (mut tx, _) = begin_with_registry_lock(session, slug).await?;
    let cif = edit.cif.as_deref().map_or(Value::Null, Value::Text);
    let mut answers = edit
        .compare_in(Turn::default(), slug)
        .add(EDITING, include_str!("../sql/edit/cif_owners.sql"), &[Value::Text(slug), cif])
        .take(&mut tx)
        .await?;
    let changes: Vec<Change> = answers.values(EDITING)?;
    let owners: Vec<(String,)> = answers.values(EDITING)?;
    if !owners.is_empty() {
        return Err(StoreError::Taken(owners.into_iter().map(|(owner,)| owner).collect()));
    }
    if !changes.is_empty() {
        edit.update_in(Turn::default(), slug).take(&mut tx).await?;
        tx.commit().await.map_err(StoreError::at(EDITING))?;
    }
    Ok(changes)
}

impl Edit {
    /// Adds the statement that finds what would change.
    fn compare_in(&self, turn: Turn, slug: &str) -> Turn {
        let fields = [
            ("name", &self.name),
            ("CIF", &self.cif),
            ("industry", &self.industry),
            ("logo", &self.logo),
        ];
        let (mut whats, mut keys, mut values) = (Vec::new(), Vec::new(), Vec::new());
        for (what, value) in fields {
            let Some(value) = value else { continue };
            whats.push(what.to_owned());
            keys.push(String::new());
            values.push(value.clone());
        }
        for (key, value) in &self.settings {
            whats.push(format!("setting {key}"));
            keys.push(key.clone());
            values.push(value.clone());
        }
        let values =
            [Value::Text(slug), Value::Texts(&whats), Value::Texts(&keys), Value::Texts(&values)];
        turn.add(EDITING, include_str!("../sql/edit/differences.sql"), &values)
    }

    /// Adds the statement that changes the row.
    fn update_in(&self, turn: Turn, slug: &str) -> Turn {
        let fields = [&self.name, &self.cif, &self.industry, &self.logo];
        let (set, taken_away): (Vec<_>, Vec<_>) =
            self.settings.iter().partition(|(_, value)| !value.is_empty());
        let taken_away: Vec<String> = taken_away.into_iter().map(|(key, _)| key.clone()).collect();
        let set: Vec<String> = set
            .into_iter()
            .map(|(key, value)| format!("{}:{value}", serde_json::json!(key)))
            .collect();
        let set = (!self.settings.is_empty()).then(|| format!("{{{}}}", set.join(",")));
        let mut values = vec![Value::Text(slug)];
        let optional = fields.into_iter().chain([&set]);
        values.extend(optional.map(|it| it.as_deref().map_or(Value::Null, Value::Text)));
        values.push(Value::Texts(&taken_away));
        turn.add(EDITING, include_str!("../sql/edit/update.sql"), &values)
    }
}

/// Lets files into the company, or none any more. Waits for an import that is under way, so that
/// nothing comes in behind the answer. Returns whether that has changed anything.
///
/// # Errors
///
/// [`StoreError::UnknownCompany`], or a database that fails.
pub async fn set_active(
    session: &mut Session,
    slug: &str,
    is_active: bool,
) -> Result<bool, StoreError> {
    let step = if is_active { "activating the company" } else { "deactivating the company" };
    let (mut tx, company) = begin_with_company_lock(session, slug).await?;
    if company.is_active == is_active {
        return Ok(false);
    }
    lock_registry(&mut tx).await?;
    query(include_str!("../sql/edit/set_active.sql"))
        .bind(slug)
        .bind(is_active)
        .execute(&mut *tx)
        .await
        .map_err(StoreError::at(step))?;
    tx.commit().await.map_err(StoreError::at(step))?;
    Ok(true)
}
