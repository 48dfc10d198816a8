//! When files that did not go in are sent again.

use std::time::Duration;

use crate::fault::Fault;
use crate::store::StoreError;

/// How often files are tried where another writer put the same key in, or got into a deadlock with
/// us.
const TRIES_MAX: u32 = 3;

/// The pauses before files are sent again over a new connection: a server that restarts takes
/// writes again within seconds.
const PAUSES: [Duration; 3] =
    [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

/// The tries of one group of files.
#[derive(Debug, Default)]
pub(crate) struct Tries {
    /// Tries that failed since another writer put a key in first.
    spoilt: u32,
    /// Tries for which the connection was lost.
    lost: usize,
}

impl Tries {
    /// Returns whether the files are to be tried again after this error; waits first, as long as
    /// the error needs.
    pub(crate) async fn again_after(&mut self, error: &StoreError) -> bool {
        match self.pause_after(error) {
            Some(pause) => {
                tracing::debug!(error = error.with_cause(), ?pause, "trying again");
                tokio::time::sleep(pause).await;
                true
            }
            None => false,
        }
    }

    fn pause_after(&mut self, error: &StoreError) -> Option<Duration> {
        match error.fault() {
            Fault::Clash | Fault::Deadlock => {
                self.spoilt += 1;
                (self.spoilt < TRIES_MAX).then_some(Duration::ZERO)
            }
            // Where the server was away from the start, nothing was under way: the caller waits for
            // it.
            Fault::Lost if self.lost > 0 || !error.is_away() => {
                self.lost += 1;
                PAUSES.get(self.lost - 1).copied()
            }
            Fault::Lost => None,
            Fault::File
            | Fault::Unrouted
            | Fault::Misrouted
            | Fault::Unreadable
            | Fault::Unavailable
            | Fault::Changed
            | Fault::Rows
            | Fault::Company
            | Fault::Tables
            | Fault::Rights
            | Fault::Setup
            | Fault::Locked
            | Fault::Busy
            | Fault::Slow
            | Fault::Full
            | Fault::Behind
            | Fault::Usage
            | Fault::Request
            | Fault::Refused
            | Fault::Bug => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;

    fn lost() -> sqlx::Error {
        sqlx::Error::Io(ErrorKind::ConnectionReset.into())
    }

    fn away() -> StoreError {
        StoreError::Connect { place: "at h:5432".to_owned(), source: lost() }
    }

    #[test]
    fn files_of_a_connection_that_is_lost_are_sent_again_three_times() {
        let mut tries = Tries::default();
        let mut pauses = vec![tries.pause_after(&StoreError::at("sending")(lost()))];
        pauses.extend([away(), away(), away()].iter().map(|error| tries.pause_after(error)));
        let seconds: Vec<_> = pauses.iter().map(|it| it.map(|pause| pause.as_secs())).collect();
        assert_eq!(seconds, [Some(1), Some(2), Some(4), None]);
    }

    #[test]
    fn a_server_that_was_away_from_the_start_is_not_waited_for() {
        assert_eq!(Tries::default().pause_after(&away()), None);
    }
}
