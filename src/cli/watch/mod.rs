//! `vama watch`: a folder whose files are imported as they come.

mod log;
mod service;

use std::path::PathBuf;
use std::time::Duration;

use super::connections::Connections;
use super::output::{self, UsageError};
use crate::cli::{Global, interrupt, session};
use crate::road::report::ExitStatus;
use crate::store::Pulse;
use crate::watch::words;
use crate::watch::{Orders, Stop, watch};
use log::Log;

/// Watch a folder: import what is dropped into it, and move it to where it belongs
///
/// DIR itself takes files that find their company by themselves; DIR/<slug>/, made for each active
/// company, takes that company's. What is in moves to imported/<month>/, what was in already to
/// duplicate/, what is not let in to failed/ with a text beside it that says why and what to do. It is
/// tried again when it is moved back.
///
/// Ctrl-C and SIGTERM end it after the files in hand; a second one rolls back.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The folder
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Take what is there and end, for cron; the exit status is that of an import, 5 also where files
    /// are still being written
    #[arg(long)]
    once: bool,

    /// Look every so many seconds, for network drives, which do not tell what happens in them
    #[arg(long, value_name = "SECS", value_parser = pace)]
    poll: Option<Duration>,

    /// Take a file when it has been still for so many seconds
    #[arg(long, value_name = "SECS", default_value = "2", value_parser = seconds)]
    settle: Duration,

    #[command(flatten)]
    connections: Connections,

    /// Write one JSON object a file to stdout, and the log as JSON to stderr
    #[arg(long)]
    json: bool,
}

/// Reads a number of seconds, which may have a fraction.
fn seconds(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text.parse().map_err(|_| words::NO_SECONDS.to_owned())?;
    let duration = Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())?;
    match duration <= DURATION_MAX {
        true => Ok(duration),
        false => Err(words::TOO_LONG.to_owned()),
    }
}

/// Reads how often to look; refuses to look so often that the watcher would do nothing else.
fn pace(text: &str) -> Result<Duration, String> {
    match seconds(text)? {
        pace if pace < PACE_MIN => Err(words::TOO_OFTEN.to_owned()),
        pace => Ok(pace),
    }
}

/// The shortest time between two looks.
const PACE_MIN: Duration = Duration::from_millis(100);

/// The longest time that can be given; more is a mistake.
const DURATION_MAX: Duration = Duration::from_secs(24 * 60 * 60);

impl Arguments {
    /// Begins to log, as a service does: with the time of each line.
    pub(super) fn start_logging(&self, global: &Global) {
        output::start_service_log(global.quiet, global.verbose, self.json);
    }
}

pub(super) async fn run(arguments: Arguments, global: &Global) -> anyhow::Result<ExitStatus> {
    let Arguments { folder, once, poll, settle, connections, json } = arguments;
    let connections = connections.most();
    if !folder.is_dir() {
        let message = words::no_watched_folder(&folder.to_string_lossy());
        return Err(UsageError::with_advice(&message, words::NO_WATCHED_FOLDER_ADVICE).into());
    }
    let database = session::choose(global)?;
    session::say_which(&database, global);
    let stop = Stop::default();
    interrupt::listen_gently(stop.clone(), || {
        tracing::info!("{}", words::STOPPING);
        service::stopping();
    });
    let pulse = Pulse::default();
    service::start_watchdog(pulse.clone());
    let orders = Orders { folder, still_for: settle, poll, once, connections };
    let mut log = Log::new(&orders.folder, json);
    let ended = watch(&database, &orders, &stop, &pulse, &mut log).await?;
    service::stopping();
    if !once {
        tracing::info!("{}", words::ENDED);
        // The watcher was asked to end, and the folders show what became of the files.
        return Ok(ExitStatus::Done);
    }
    Ok(ended)
}
