//! A COPY, into the database or out of it, that is ended whatever happens meanwhile.
//!
//! A COPY that is left open keeps its answers on the connection, where the next statement would
//! take them for its own.

use futures_util::TryStreamExt;
use sqlx::PgConnection;
use sqlx::postgres::PgCopyIn;

use crate::store::StoreError;

/// A COPY into the database that is under way. Whoever begins one [ends](Self::end) it, also where
/// there is no more to send because of an error.
#[must_use]
pub(crate) struct CopyIn<'c>(PgCopyIn<&'c mut PgConnection>);

impl<'c> CopyIn<'c> {
    pub(crate) async fn begin(
        connection: &'c mut PgConnection,
        statement: &str,
    ) -> Result<Self, sqlx::Error> {
        connection.copy_in_raw(statement).await.map(Self)
    }

    pub(crate) async fn send(&mut self, bytes: Vec<u8>) -> Result<(), sqlx::Error> {
        self.0.send(bytes).await.map(drop)
    }

    /// Ends the COPY. Where all was `sent`, returns how many rows the server says it took; where
    /// sending failed, the server drops what it got, and that error is returned.
    ///
    /// `failed` makes an error of what the server answers to the end.
    pub(crate) async fn end(
        self,
        sent: Result<(), StoreError>,
        failed: impl FnOnce(sqlx::Error) -> StoreError,
    ) -> Result<u64, StoreError> {
        match sent {
            Ok(()) => self.0.finish().await.map_err(failed),
            Err(error) => {
                // Where even this fails, an answer may be left on the connection: the next
                // transaction notices that and opens another connection (session.rs).
                if let Err(second) = self.0.abort("there is no more to send").await {
                    tracing::debug!(error = %second, "a COPY did not end in order");
                }
                Err(error)
            }
        }
    }
}

/// Runs a COPY out of the database and hands each piece over. Where `take` fails, the rest is still
/// read, so that no answer of the COPY is left on the connection.
///
/// `failed` makes an error of what the server answers.
pub(crate) async fn copy_out(
    connection: &mut PgConnection,
    statement: &str,
    mut take: impl FnMut(&[u8]) -> Result<(), StoreError>,
    failed: impl Fn(sqlx::Error) -> StoreError,
) -> Result<(), StoreError> {
    let mut pieces = connection.copy_out_raw(statement).await.map_err(&failed)?;
    let mut taken = Ok(());
    while let Some(piece) = pieces.try_next().await.map_err(&failed)? {
        if taken.is_ok() {
            taken = take(&piece);
        }
    }
    taken
}
