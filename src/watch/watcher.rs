//! What a watcher keeps from one look to the next.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, Local};

use super::event::{Observer, Orders};
use super::folder::Identity;
use super::inbox::{Skipped, Slugs};
use super::moved::MovedFiles;
use super::pause::Pause;
use super::still::Still;
use super::stop::Stop;
use crate::road::report::ExitStatus;
use crate::store::{Database, Pulse};

/// A watcher at work.
pub(super) struct Watcher<'a> {
    pub(super) database: &'a Database,
    pub(super) orders: &'a Orders,
    pub(super) stop: &'a Stop,
    pub(super) pulse: &'a Pulse,
    pub(super) observer: &'a mut dyn Observer,
    /// The active companies; `None` as long as the database could not be asked.
    pub(super) slugs: Option<Arc<Slugs>>,
    pub(super) still: Still,
    pub(super) pause: Pause,
    /// The companies that another session has locked, each with when that was found out.
    pub(super) locked: BTreeMap<String, DateTime<Local>>,
    /// The files that were moved, for the case that their senders still write into them.
    pub(super) moved: MovedFiles,
    /// The inboxes that the last look has found.
    pub(super) folders: Vec<(PathBuf, Identity)>,
    /// When the last look was.
    pub(super) looked_at: Instant,
    /// What the last look has found and not touched.
    pub(super) skipped: Skipped,
    /// Whether the folder was gone at the last look.
    pub(super) closed: bool,
    /// Whether there are folders of which the system does not tell what happens.
    pub(super) deaf: bool,
    /// Whether to look again soon, since something has changed of which perhaps no notice tells.
    pub(super) look_again: bool,
    pub(super) settled: u64,
    pub(super) worst: ExitStatus,
}
