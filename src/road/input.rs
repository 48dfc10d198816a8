//! What the road takes, and who is told what became of it.

use std::sync::{Arc, Mutex, PoisonError};

use super::open::{Stream, each_source_found};
use super::report::FileReport;
use crate::fault::ChosenBy;
use crate::source::{Found, Source};

/// A path, or a file in an inbox, that is to be brought in. Its sources are the file itself, the
/// members of a zip, or the attachments of a mail.
pub trait Input: Send + Sync + 'static {
    /// Returns the size of the input in bytes, as far as it is known before the input is opened.
    fn size(&self) -> u64;

    /// Returns the slug of the company that was named for the input; `None` where the file's own
    /// account decides.
    fn company(&self) -> Option<&str>;

    /// Returns how that company was chosen.
    fn chosen_by(&self) -> ChosenBy {
        ChosenBy::Name
    }

    /// Opens the input, and returns its sources. It is called once, on a thread that reads ahead.
    fn open(&self) -> Stream;
}

/// Is told what became of each input.
pub trait Recipient<I> {
    /// Takes the reports of one input, one for each of its sources; `place` is the input's place in
    /// their order.
    fn settled(&mut self, place: usize, input: &I, reports: Vec<FileReport>);
}

/// Keeps the reports of each input at the input's place.
impl<I> Recipient<I> for Vec<Vec<FileReport>> {
    fn settled(&mut self, place: usize, _: &I, reports: Vec<FileReport>) {
        if let Some(slot) = self.get_mut(place) {
            *slot = reports;
        }
    }
}

/// What was found at a path, for the company that the user named.
#[derive(Debug)]
pub struct PathInput {
    /// What was found.
    pub found: Found,
    /// The company; `None` where the file's own account decides.
    pub company: Option<Arc<str>>,
    /// How the company was chosen.
    pub chosen_by: ChosenBy,
    /// The only source that is to be brought in; `None` where all are.
    pub only: Option<OneSource>,
}

impl PathInput {
    /// Makes an input of each path, all of them for one company.
    pub fn of_all(found: Vec<Found>, company: Option<&str>) -> Vec<Self> {
        let company: Option<Arc<str>> = company.map(Arc::from);
        let chosen_by = ChosenBy::Name;
        let input = |found| Self { found, company: company.clone(), chosen_by, only: None };
        found.into_iter().map(input).collect()
    }
}

/// One of the sources of an input.
#[derive(Debug)]
pub struct OneSource {
    /// Its name inside the zip or the mail.
    pub member: Option<String>,
}

impl Input for PathInput {
    fn size(&self) -> u64 {
        match &self.found.closed {
            None => self.found.path.metadata().map(|it| it.len()).unwrap_or_default(),
            Some(_) => 0,
        }
    }

    fn company(&self) -> Option<&str> {
        self.company.as_deref()
    }

    fn chosen_by(&self) -> ChosenBy {
        self.chosen_by
    }

    fn open(&self) -> Stream {
        let all = each_source_found(&self.found);
        match &self.only {
            Some(OneSource { member }) => {
                let member = member.clone();
                let is_it = move |item: &Result<Source, Box<FileReport>>| match item {
                    Ok(source) => source.member() == member.as_deref(),
                    Err(report) => report.member == member,
                };
                Box::new(all.filter(is_it).take(1))
            }
            None => all,
        }
    }
}

/// A source that is open already.
pub(super) struct OpenInput {
    bytes: u64,
    company: Option<String>,
    source: Mutex<Option<Source>>,
}

impl OpenInput {
    pub(super) fn new(source: Source, company: Option<&str>) -> Self {
        let company = company.map(str::to_owned);
        Self { bytes: source.size(), company, source: Mutex::new(Some(source)) }
    }
}

impl Input for OpenInput {
    fn size(&self) -> u64 {
        self.bytes
    }

    fn company(&self) -> Option<&str> {
        self.company.as_deref()
    }

    fn open(&self) -> Stream {
        let source = self.source.lock().unwrap_or_else(PoisonError::into_inner).take();
        Box::new(source.map(Ok).into_iter())
    }
}
