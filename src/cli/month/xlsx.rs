//! `vama month --xlsx`: the workbook that the office works with.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::cli::Global;
use crate::cli::output::UsageError;
use crate::month::{Contents, Facts, Month, is_as_written, workbook};
use crate::store::{self, Session};

/// The ending by which programs know a workbook.
const ENDING: &str = "xlsx";

/// Refuses a name under which no workbook can be written.
pub(super) fn refuse_name(file: &Path) -> Result<(), UsageError> {
    let refused = |problem: &str, advice: &str| {
        UsageError::with_advice(&format!("{}: {problem}", file.display()), advice)
    };
    if file == Path::new("-") {
        return Err(refused("a workbook goes to a file", "write its name, as april.xlsx"));
    }
    let ending = file.extension().and_then(|it| it.to_str()).unwrap_or_default();
    if !ending.eq_ignore_ascii_case(ENDING) {
        let advice = "write a name that ends in .xlsx, by which programs know a workbook";
        return Err(refused("this is no name of a workbook", advice));
    }
    if let Some(lock) = locks(file).into_iter().find(|it| it.exists()) {
        let advice = format!("close it there; if it is not open, remove {}", lock.display());
        return Err(refused("it is open in another program", &advice));
    }
    match fs::metadata(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Ok(found) if !found.is_file() => {
            Err(refused("this is a folder or no plain file", "name a file"))
        }
        _ => match File::open(file).map(is_as_written) {
            Ok(true) => Ok(()),
            // What is there may be the user's own work.
            Ok(false) => {
                let problem = "it was not written by vama, or somebody has saved it since";
                Err(refused(problem, "it stays as it is; name another file"))
            }
            Err(error) => Err(refused(&error.to_string(), "name another file")),
        },
    }
}

/// Returns the files that programs put beside a workbook that is open in them.
fn locks(file: &Path) -> [PathBuf; 2] {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    [format!(".~lock.{name}#"), format!("~${name}")].map(|lock| file.with_file_name(lock))
}

/// Writes the workbook of a company's month, and says so.
pub(super) async fn write(
    session: &mut Session,
    file: &Path,
    found: Option<&(String, Option<(Month, Facts)>)>,
    global: &Global,
) -> anyhow::Result<()> {
    let Some((slug, Some((page, facts)))) = found else {
        let problem = "no entry of a statement was imported yet: there is no month to write";
        return Err(UsageError(problem.to_owned()).into());
    };
    let companies = store::companies(session).await?;
    let name = companies.iter().find(|it| it.slug == *slug).map(|it| it.name.as_str());
    let bank = store::month_bank(session, slug, page.month).await?;
    let contents = Contents { company: name.unwrap_or(slug), page, facts, bank: &bank };
    let bytes = workbook(contents).context("the month does not fit into a workbook")?;
    replace(file, &bytes).with_context(|| format!("{} cannot be written", file.display()))?;
    let what = format!("{} of {slug}", page.month.name());
    global.note(&format!("wrote {}: {what}", file.display()));
    Ok(())
}

/// Writes the file as a whole or not at all, with the rights of the one that it replaces.
fn replace(file: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays one: the file that it leads to is replaced.
    let file = fs::canonicalize(file).unwrap_or_else(|_| file.to_owned());
    let folder = file.parent().filter(|it| !it.as_os_str().is_empty());
    let mut builder = tempfile::Builder::new();
    builder.prefix(".vama-").suffix(".part");
    // As any new file: whoever may read the folder's other files reads this one too.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut new = builder.tempfile_in(folder.unwrap_or(Path::new(".")))?;
    if let Ok(there) = fs::metadata(&file) {
        new.as_file().set_permissions(there.permissions())?;
    }
    new.write_all(bytes)?;
    new.persist(&file)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_vama_wrote_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("april.xlsx");
        let refused = |file: &Path| refuse_name(file).unwrap_err().to_string();
        assert!(refuse_name(&file).is_ok());
        fs::write(&file, "somebody's own work").unwrap();
        assert!(refused(&file).contains("somebody has saved it since"));
        fs::remove_file(&file).unwrap();
        for lock in locks(&file) {
            fs::write(&lock, "").unwrap();
            let told = refused(&file);
            assert!(told.contains("is open") && told.contains(lock.to_str().unwrap()), "{told}");
            fs::remove_file(&lock).unwrap();
        }
        fs::create_dir(&file).unwrap();
        assert!(refused(&file).contains("folder"));
        for name in ["-", "april", "april.sta", ".xlsx", ""] {
            assert!(refused(Path::new(name)).contains("workbook"), "{name}");
        }
    }

    #[test]
    fn a_file_is_replaced_with_its_rights_and_a_link_stays_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("april.xlsx");
        replace(&file, b"one").unwrap();
        replace(&file, b"two").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"two");
        #[cfg(unix)]
        {
            use std::os::unix::fs::{PermissionsExt, symlink};
            fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
            let link = folder.path().join("link.xlsx");
            symlink(&file, &link).unwrap();
            replace(&link, b"three").unwrap();
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            assert_eq!(fs::read(&file).unwrap(), b"three");
            assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        }
        assert!(replace(&folder.path().join("none/april.xlsx"), b"").is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), if cfg!(unix) { 2 } else { 1 });
    }
}
