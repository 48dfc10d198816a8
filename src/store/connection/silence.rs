//! A server that says nothing: the user is told, and where the server answers on another connection
//! neither, the work is given up.
//!
//! A network that is gone is noticed by the system (socket.rs). A server that hangs while its system
//! still answers is not, and a statement may be silent for good reasons: it waits for a lock, or it
//! makes an index. So the server is asked whether it is there.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::session::Database;
use crate::store::StoreError;

/// How long work with the database may be silent.
const SILENCE_MAX: Duration = Duration::from_secs(30);

/// Does work with the database, unless the database falls silent. Work is silent as long as nothing
/// wakes it: no answer, no part of a file.
///
/// # Errors
///
/// [`StoreError::Silent`]; the connection of the work is of no use then. Else what the work returns.
pub async fn unless_silent<T, E: From<StoreError>>(
    database: &Database,
    work: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    if let Database::Embedded(_) = database {
        // The engine has one connection, and works in this very process.
        return work.await;
    }
    let mut is_told = false;
    let mut last = Instant::now();
    let mut work = pin!(work);
    let mut clock = pin!(sleep_until(last + SILENCE_MAX));
    let awake = Arc::new(Awake { is: AtomicBool::new(true), outer: Mutex::new(None) });
    let waker = Waker::from(Arc::clone(&awake));
    loop {
        let done = poll_fn(|context| {
            awake.wakes(context.waker());
            // The clock wakes this future, too, which is no sign of the work.
            if awake.is.swap(false, Ordering::SeqCst) {
                if let Poll::Ready(done) = work.as_mut().poll(&mut Context::from_waker(&waker)) {
                    return Poll::Ready(Some(done));
                }
                // Not before: the work may have asked the user something, and waited for that.
                last = Instant::now();
            }
            while clock.as_mut().poll(context).is_ready() {
                if last + SILENCE_MAX <= Instant::now() {
                    return Poll::Ready(None);
                }
                clock.as_mut().reset(last + SILENCE_MAX);
            }
            Poll::Pending
        });
        if let Some(done) = done.await {
            return done;
        }
        let (place, seconds) = (database.place(), SILENCE_MAX.as_secs());
        if !std::mem::replace(&mut is_told, true) {
            tracing::warn!(
                "the database {place} has said nothing for {seconds} s; asking it again"
            );
        }
        let asking = Box::pin(async {
            database.connect().await?.close().await;
            Ok::<_, StoreError>(())
        });
        let asked = tokio::select! {
            done = &mut work => return done,
            asked = asking => asked,
        };
        match asked {
            // A refusal (too many connections, say) is an answer.
            Ok(()) | Err(StoreError::Connect { source: sqlx::Error::Database(_), .. }) => {
                last = Instant::now();
                clock.as_mut().reset(last + SILENCE_MAX);
                // Meanwhile the work has woken the future that asks, so it is polled again.
                awake.is.store(true, Ordering::SeqCst);
            }
            Err(error) => {
                tracing::debug!(error = error.with_cause(), "silent");
                return Err(StoreError::Silent { place, seconds }.into());
            }
        }
    }
}

/// Whether the work was woken, and whom it wakes in turn.
struct Awake {
    is: AtomicBool,
    outer: Mutex<Option<Waker>>,
}

impl Awake {
    fn wakes(&self, outer: &Waker) {
        *self.outer.lock().unwrap_or_else(PoisonError::into_inner) = Some(outer.clone());
    }
}

impl Wake for Awake {
    fn wake(self: Arc<Self>) {
        self.is.store(true, Ordering::SeqCst);
        let outer = self.outer.lock().unwrap_or_else(PoisonError::into_inner).clone();
        outer.iter().for_each(Waker::wake_by_ref);
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::net::TcpListener;
    use std::path::PathBuf;

    use super::*;

    /// A server that takes connections and never says a word.
    fn silent() -> (TcpListener, Database) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let url = format!("postgres://nobody@127.0.0.1:{port}/none?sslmode=disable");
        (listener, Database::choose(Some(&url), PathBuf::new).unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn work_with_a_server_that_hangs_is_given_up() {
        let (_listener, database) = silent();
        let error = unless_silent(&database, pending::<Result<(), _>>()).await.unwrap_err();
        assert!(matches!(error, StoreError::Silent { seconds: 30, .. }), "{error}");
    }

    #[tokio::test(start_paused = true)]
    async fn work_that_falls_silent_in_the_middle_is_given_up() {
        let (_listener, database) = silent();
        let work = async {
            for _ in 0..3 {
                tokio::time::sleep(SILENCE_MAX / 2).await;
            }
            pending::<Result<(), _>>().await
        };
        let begun = Instant::now();
        let error = unless_silent(&database, work).await.unwrap_err();
        assert!(matches!(error, StoreError::Silent { .. }), "{error}");
        assert!(begun.elapsed() < SILENCE_MAX * 4, "{:?}", begun.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn work_that_goes_on_is_not_silent() {
        let (_listener, database) = silent();
        let work = async {
            for _ in 0..10 {
                tokio::time::sleep(SILENCE_MAX / 2).await;
            }
            Ok::<_, StoreError>("done")
        };
        assert_eq!(unless_silent(&database, work).await.unwrap(), "done");
    }
}
