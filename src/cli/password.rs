//! Where a user's password comes from: a person at the terminal, a file, stdin; never an argument, which
//! everybody on the machine can read.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::Context;
use secrecy::SecretString;

use super::ask;
use super::output::UsageError;

/// Bytes that are read of a file with a password, at most.
const PASSWORD_BYTES_MAX: u64 = 4096;

/// Asks for a new password twice; `otherwise` says what to do where nobody can be asked.
pub(super) fn typed(username: &str, otherwise: &str) -> anyhow::Result<SecretString> {
    if !ask::somebody_is_there() {
        let reason = format!("nobody is here to ask for the password of {username}: {otherwise}");
        return Err(UsageError(reason).into());
    }
    let answer = ask::new_password(&format!("Password of {username}:"))?;
    Ok(answer.ok_or_else(|| UsageError("no password was given".to_owned()))?)
}

/// Reads a password from a file, `-` for stdin, without the line end that editors add.
pub(super) fn in_file(path: &Path) -> anyhow::Result<SecretString> {
    match path == Path::new("-") {
        true => in_stdin(),
        false => {
            let name = path.display().to_string();
            let place = || format!("cannot read the password in {name}");
            read(File::open(path).with_context(place)?, &name)
        }
    }
}

/// Reads a password from stdin, without the line end.
pub(super) fn in_stdin() -> anyhow::Result<SecretString> {
    read(io::stdin(), "stdin")
}

fn read(source: impl Read, name: &str) -> anyhow::Result<SecretString> {
    let mut text = String::new();
    source
        .take(PASSWORD_BYTES_MAX + 1)
        .read_to_string(&mut text)
        .with_context(|| format!("cannot read the password in {name}"))?;
    if text.len() as u64 > PASSWORD_BYTES_MAX {
        let reason = format!("{name} has more than {PASSWORD_BYTES_MAX} bytes");
        return Err(UsageError(reason).into());
    }
    let line = text.strip_suffix('\n').unwrap_or(&text);
    Ok(SecretString::from(line.strip_suffix('\r').unwrap_or(line)))
}
