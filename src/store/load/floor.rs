//! How fast the database itself is: a plain COPY of rows that an import brought in.

use crate::store::connection::version;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, Write};
use std::time::{Duration, Instant};

use sqlx::PgConnection;

use crate::row::Table;
use crate::store::connection::copy_stream::{self, CopyIn};
use crate::store::connection::enter;
use crate::store::connection::statement::{query_as, run_quoted};
use crate::store::{Session, StoreError};

const STEP: &str = "timing a plain COPY";

/// Bytes that are sent at once.
const PIECE_BYTES: u64 = 1024 * 1024;

/// Times a plain COPY of the rows of these imports, in the order of their keys, into empty tables
/// that have the same columns and indexes. Returns how many rows there were, and how long the COPY
/// took.
///
/// The tables are ordinary ones, made in a transaction that is rolled back: a cluster has no
/// temporary tables, and the server writes no write-ahead log for them. The rows wait in a file
/// meanwhile.
///
/// # Errors
///
/// A company that is unknown, a database that fails or does not let this user make a table, a disk
/// that is full.
pub async fn floor(
    session: &mut Session,
    slug: &str,
    imports: &[i64],
) -> Result<(u64, Duration), StoreError> {
    let mut tx = session.begin().await?;
    version::check_registry(&mut tx).await?;
    // Not under the company's role: that role may use the schema, but make no table in it.
    enter::set_path(&mut tx, slug).await?;
    let (mut rows, mut time) = (0, Duration::ZERO);
    for table in Table::ALL.into_iter().filter(|it| !it.is_derived()) {
        let (create, read, write): (String, String, String) =
            query_as(include_str!("../sql/floor_statements.sql"))
                .bind(table.name())
                .bind(table.key_column())
                .bind(imports)
                .fetch_one(&mut *tx)
                .await
                .map_err(StoreError::at(STEP))?;
        let mut file = tempfile::tempfile().map_err(failed)?;
        copy_out(&mut tx, &read, &file).await?;
        run_quoted(&mut tx, create, STEP).await?;
        file.rewind().map_err(failed)?;
        let begun = Instant::now();
        let copied = copy_in(&mut tx, &write, file).await?;
        if copied > 0 {
            rows += copied;
            time += begun.elapsed();
        }
    }
    tx.rollback().await.map_err(StoreError::at(STEP))?;
    Ok((rows, time))
}

async fn copy_out(
    connection: &mut PgConnection,
    statement: &str,
    file: &File,
) -> Result<(), StoreError> {
    let mut out = BufWriter::new(file);
    let take = |piece: &[u8]| out.write_all(piece).map_err(failed);
    copy_stream::copy_out(connection, statement, take, |error| StoreError::at(STEP)(error)).await?;
    out.flush().map_err(failed)
}

async fn copy_in(
    connection: &mut PgConnection,
    statement: &str,
    file: File,
) -> Result<u64, StoreError> {
    let mut copy = CopyIn::begin(connection, statement).await.map_err(StoreError::at(STEP))?;
    let sent = send_file(&mut copy, file).await;
    copy.end(sent, StoreError::at(STEP)).await
}

async fn send_file(copy: &mut CopyIn<'_>, mut file: File) -> Result<(), StoreError> {
    loop {
        let mut piece = Vec::new();
        Read::by_ref(&mut file).take(PIECE_BYTES).read_to_end(&mut piece).map_err(failed)?;
        if piece.is_empty() {
            return Ok(());
        }
        copy.send(piece).await.map_err(StoreError::at(STEP))?;
    }
}

fn failed(error: io::Error) -> StoreError {
    StoreError::at(STEP)(sqlx::Error::Io(error))
}
