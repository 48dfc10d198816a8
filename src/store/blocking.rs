//! Work on threads of its own, so that the connection goes on meanwhile.

use tokio::task::JoinHandle;

/// Returns what the work came to; where the work panicked, the panic goes on here.
pub(crate) async fn joined<T>(task: JoinHandle<T>) -> T {
    match task.await {
        Ok(made) => made,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
}
