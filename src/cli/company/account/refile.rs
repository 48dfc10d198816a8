//! Imports of an account: undone in the company that has them, imported into another one.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::json;

use super::whereabouts::{Place, find_files};
use crate::cli::Global;
use crate::cli::output::{quoted, say, show};
use crate::cli::table::{Column, show_table};
use crate::cli::undo::tell_later;
use crate::cli::unlisted::active;
use crate::fault::ChosenBy;
use crate::fault::Refusal;
use crate::format::by_name;
use crate::road::input::{OneSource, PathInput};
use crate::road::report::{FileReport, Status};
use crate::road::{Options, bring_in};
use crate::source::Found;
use crate::store::{self, AccountImport, Later, Session, StoreError, Undoing};
use crate::value::import_name::ImportName;

/// An import that is to be moved to another company.
pub(super) struct Moving {
    slug: String,
    import: AccountImport,
    /// What undoing it takes out.
    undoing: Undoing,
    place: Place,
}

impl Moving {
    fn name(&self) -> ImportName {
        ImportName::new(&self.slug, self.import.number)
    }

    /// Returns what a program is told of it.
    pub(super) fn json(&self) -> serde_json::Value {
        json!({
            "import": self.name().to_string(),
            "file": self.import.file,
            "found": self.place.path,
            "member": self.place.member,
            "rows": self.undoing.rows.values().sum::<u64>(),
            "later": self.undoing.later,
        })
    }
}

/// Finds the imports that came by the account, and the file of each: in the companies that have it;
/// where only `to` has it, since a move was interrupted, in every other one.
///
/// # Errors
///
/// [`StoreError::InTheWay`] with every import that cannot be moved and why; a database that fails.
pub(super) async fn plan(
    session: &mut Session,
    from: &[String],
    (account, to): (&str, &str),
    files: &[PathBuf],
) -> Result<Vec<Moving>, StoreError> {
    let mut imports = Vec::new();
    let slugs = if from.is_empty() { active(session).await? } else { from.to_vec() };
    for slug in slugs.into_iter().filter(|slug| slug != to) {
        let found = store::imports_of_account(session, &slug, account).await?;
        imports.extend(found.into_iter().map(|import| (slug.clone(), import)));
    }
    let places = find_files(imports.iter().map(|(_, import)| import), files);
    let others = other_owners(session, &imports, account, to).await?;
    let (mut moving, mut in_the_way) = (Vec::new(), Vec::new());
    for (slug, import) in imports {
        let name = ImportName::new(&slug, import.number);
        match why_not(&import, account, &others) {
            Some(why) => in_the_way.push(format!("{name} ({}) {why}", import.file)),
            None => match places.get(&import.sha256).cloned() {
                Some(place) => {
                    let undoing = store::look_at_import(session, &slug, import.number).await?;
                    moving.push(Moving { slug, import, undoing, place });
                }
                None => in_the_way.push(not_found(&name, &import)),
            },
        }
    }
    if in_the_way.is_empty() { Ok(moving) } else { Err(StoreError::InTheWay(in_the_way)) }
}

/// Returns the companies that have further accounts of these imports, by account.
async fn other_owners(
    session: &mut Session,
    imports: &[(String, AccountImport)],
    account: &str,
    to: &str,
) -> Result<HashMap<String, String>, StoreError> {
    let all = imports.iter().flat_map(|(_, it)| it.accounts.iter().chain(&it.aliases));
    let further: Vec<String> = all.filter(|it| *it != account).cloned().collect();
    if further.is_empty() {
        return Ok(HashMap::new());
    }
    let owners = store::owners(session, &further).await?.into_iter();
    Ok(owners.filter(|(slug, _)| slug != to).map(|(slug, account)| (account, slug)).collect())
}

/// Returns why an import cannot be moved with the account, if it cannot.
fn why_not(
    import: &AccountImport,
    account: &str,
    others: &HashMap<String, String>,
) -> Option<String> {
    if import.accounts.len() > 1 {
        let count = import.accounts.len();
        return Some(format!(
            "holds {count} accounts, and an import is moved whole: `vama undo` it, then import its file \
             as it is to be"
        ));
    }
    let mut further = import.accounts.iter().chain(&import.aliases).filter(|it| *it != account);
    let (other, owner) = further.find_map(|it| Some((it, others.get(it)?)))?;
    Some(format!("is of {other} too, which {owner} has: move that account first"))
}

fn not_found(name: &ImportName, import: &AccountImport) -> String {
    let file = match (&import.container, &import.member) {
        (Some(container), Some(member)) => format!("{container} › {member}"),
        _ => import.file.clone(),
    };
    let looked = match &import.inbox {
        Some(inbox) => format!("it is not in {inbox}/imported"),
        None => "it was not dropped into a watched folder".to_owned(),
    };
    format!(
        "{name}: its file {file} is not found: {looked}; name it, or its folder, behind the company"
    )
}

/// Shows what will be moved, and where each file was found.
pub(super) fn tell(moving: &[Moving], global: &Global) -> std::io::Result<()> {
    let columns =
        [Column::Name("import"), Column::Number("rows that go"), Column::Name("its file")];
    let rows = moving.iter().map(|it| {
        let rows: u64 = it.undoing.rows.values().sum();
        vec![it.name().to_string(), rows.to_string(), it.place.path.display().to_string()]
    });
    show_table(&columns, rows.collect())?;
    let matched: u64 = moving.iter().map(|it| it.undoing.matched).sum();
    if matched > 0 {
        say(&format!(
            "warning: {matched} of their borderouri and batches are matched with the bank; that goes too"
        ));
    }
    let by_hand: usize = moving.iter().map(|it| it.undoing.ties_by_hand.len()).sum();
    if by_hand > 0 {
        let ties = if by_hand == 1 { "tie" } else { "ties" };
        say(&format!(
            "warning: {by_hand} {ties} by hand will not move; say in the other company what is still so"
        ));
    }
    let slugs: BTreeSet<&str> = moving.iter().map(|it| &*it.slug).collect();
    for slug in slugs {
        let of_slug = || moving.iter().filter(|it| it.slug == slug);
        // What is moved itself is read again anyway.
        let stays = |later: &&Later| of_slug().all(|it| it.import.number != later.number);
        let mut later: Vec<&Later> =
            of_slug().flat_map(|it| &it.undoing.later).filter(stays).collect();
        later.sort_by_key(|it| it.number);
        later.dedup_by_key(|it| it.number);
        tell_later(slug, later.into_iter(), global);
    }
    Ok(())
}

/// What became of the imports so far: one JSON object each, and the report of the last one where that
/// is not in.
pub(super) struct Refiled {
    pub(super) imports: Vec<serde_json::Value>,
    pub(super) failed: Option<FileReport>,
}

/// Undoes each import and imports its file into `to`; ends with the first that does not go in there.
pub(super) async fn refile(
    session: &mut Session,
    moving: &[Moving],
    (account, to): (&str, &str),
    is_told: bool,
) -> anyhow::Result<Refiled> {
    let mut refiled = Refiled { imports: Vec::new(), failed: None };
    for it in moving {
        if let Err(error) = store::undo(session, &it.slug, it.import.number).await {
            let done = refiled.imports.len();
            say(&format!(
                "the account has moved, and {done} of {} imports; run the same command again for the rest",
                moving.len()
            ));
            return Err(error.into());
        }
        let report = import_into(session, it, to).await?;
        let mut json = it.json();
        if let Some(object) = json.as_object_mut() {
            let now = report.import.map(|number| ImportName::new(to, number).to_string());
            object.extend([
                ("now".to_owned(), json!(now)),
                ("error".to_owned(), json!(report.error)),
            ]);
        }
        refiled.imports.push(json);
        if report.error.is_some() {
            say(&way_back(it, &report, (account, to)));
            refiled.failed = Some(report);
            break;
        }
        if is_told {
            let name = ImportName {
                company: Some(to.to_owned()),
                number: report.import.unwrap_or_default(),
            };
            let (new, there, held) = (report.inserted, report.duplicates, report.held);
            show(&format!(
                "{} is {name} now: {new} new, {there} there already, {held} held",
                it.name()
            ))?;
        }
    }
    Ok(refiled)
}

/// Imports a file as it was imported before, into another company.
async fn import_into(
    session: &mut Session,
    moving: &Moving,
    to: &str,
) -> anyhow::Result<FileReport> {
    let Place { path, member } = &moving.place;
    let input = PathInput {
        found: Found::named(path.clone()),
        company: Some(Arc::from(to)),
        chosen_by: ChosenBy::Name,
        only: Some(OneSource { member: member.clone() }),
    };
    let options = Options {
        format: by_name(&moving.import.format),
        accept_unbalanced: moving.import.was_accepted_unbalanced,
        ..Options::default()
    };
    let mut reports = vec![Vec::new()];
    bring_in(session, vec![input], &options, &mut reports).await?;
    let report = reports.into_iter().flatten().next();
    Ok(report.unwrap_or_else(|| {
        // The path has no such source any more.
        let status = Status::Failed;
        let mut report = FileReport::new(path.to_string_lossy(), member.clone(), status);
        report.fail(&Refusal::Changed);
        report
    }))
}

/// Says how an import is brought back that is undone in its company and not in the other one.
fn way_back(moving: &Moving, report: &FileReport, (account, to): (&str, &str)) -> String {
    let reason = report.error.as_ref().map(|it| it.message.as_str()).unwrap_or_default();
    let (name, slug) = (moving.name(), &moving.slug);
    let path = quoted(&moving.place.path.to_string_lossy());
    format!(
        "error: {name} is undone, and its file is not in {to}: {reason}\n  next: see to that, then `vama \
         import {path} -c {to}`; or the way back: `vama company account move {account} {slug} --yes`, then \
         `vama import {path} -c {slug}`. Imports that stand behind it in the list are as they were"
    )
}
