//! Where keys and credentials are given: the environment, a file, stdin, or a person.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use secrecy::{ExposeSecret, ExposeSecretMut, SecretString};

use crate::cli::ask;
use crate::cli::output::{UsageError, say};
use crate::store::secrets::{
    CREDENTIALS_BYTES_MAX, Credentials, FieldAnswer, KeyError, KeySource, Kind, Plain, SealingKey,
    Service,
};

/// Returns the key that the environment names.
pub(super) fn key(source: KeySource) -> Result<SealingKey, UsageError> {
    SealingKey::of_environment(source).map_err(unusable)
}

/// Says what is wrong with a key, and what to do.
pub(super) fn unusable(error: KeyError) -> UsageError {
    let advice = error.advice();
    UsageError::with_advice(&format!("{:#}", anyhow::Error::from(error)), &advice)
}

/// Takes the credentials from where they are given, and refuses what cannot be credentials.
pub(super) fn credentials(service: Service, file: Option<&Path>) -> anyhow::Result<Credentials> {
    let stdin = Path::new("-");
    match file {
        Some(path) if path != stdin => {
            let name = path.display().to_string();
            let file = File::open(path).map_err(|error| unreadable(&name, &error))?;
            read(file, &name)
        }
        None if ask::somebody_is_there() => ask_for(service),
        _ => read(io::stdin(), "stdin"),
    }
}

fn read(input: impl Read, name: &str) -> anyhow::Result<Credentials> {
    // One byte more than allowed, so that too much is noticed. The buffer never grows, since that
    // would leave a copy of the secrets behind.
    let limit = CREDENTIALS_BYTES_MAX + 1;
    let mut bytes = Plain::new(Box::new(Vec::with_capacity(limit)));
    input
        .take(limit as u64)
        .read_to_end(bytes.expose_secret_mut())
        .map_err(|error| unreadable(name, &error))?;
    Credentials::parse(bytes).map_err(|error| {
        let advice = "write {\"username\": \"…\", \"password\": \"…\"}, or run it on a terminal \
                      without --file to be asked";
        UsageError::with_advice(&format!("{name}: {error}"), advice).into()
    })
}

fn unreadable(name: &str, error: &io::Error) -> UsageError {
    let advice = "name a file that is there and may be read, or - for stdin";
    UsageError::with_advice(&format!("{name}: cannot be read: {error}"), advice)
}

fn ask_for(service: Service) -> anyhow::Result<Credentials> {
    let mut answers = Vec::new();
    for (name, kind) in service.fields() {
        let Some(answer) = answer(name, *kind)? else {
            return Err(UsageError(format!("found no {name}: nothing was stored")).into());
        };
        answers.push((*name, answer));
    }
    Ok(Credentials::of_answers(&answers)?)
}

/// Asks until the answer is valid; `None` where the user would rather not say.
fn answer(name: &str, kind: Kind) -> anyhow::Result<Option<FieldAnswer>> {
    let question = format!("{name}:");
    loop {
        let text = match kind {
            Kind::Secret => ask::secret(&question)?,
            Kind::Text | Kind::Port => {
                ask::text(&question)?.map(|text| SecretString::from(text.trim()))
            }
        };
        let Some(text) = text else {
            return Ok(None);
        };
        match kind {
            Kind::Port => match text.expose_secret().parse() {
                Ok(port) if port != 0 => return Ok(Some(FieldAnswer::Port(port))),
                _ => say("found no port, expected a number from 1 to 65535"),
            },
            Kind::Text | Kind::Secret if text.expose_secret().is_empty() => {
                say("found nothing, expected an answer (Esc leaves all as it is)");
            }
            Kind::Text | Kind::Secret => return Ok(Some(FieldAnswer::Text(text))),
        }
    }
}
