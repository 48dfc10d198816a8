//! Which error of the database is whose fault.

use sqlx::migrate::MigrateError;

use super::{COMMITTING, StoreError};
use crate::fault::Fault;

/// The code of a transaction that may not write: a standby's, or one of a server that is being
/// moved, which takes writes again in a while.
const READ_ONLY: &str = "25006";

impl StoreError {
    /// Returns whose fault it is; what is done about it follows from that.
    pub fn fault(&self) -> Fault {
        match self {
            // What answers there is another program.
            Self::Connect { source: sqlx::Error::Protocol(_), .. } => Fault::Setup,
            // A node of a cluster died in the COMMIT. Whether it took effect the next try finds out.
            Self::Query { step: COMMITTING, source }
                if code_of(source).as_deref() == Some("XX000") =>
            {
                Fault::Lost
            }
            Self::Connect { source, .. }
            | Self::Query { source, .. }
            | Self::Restore { source, .. } => of_driver(source),
            Self::Statement { source, .. } => of_statement(source),
            Self::Migrate { source, .. } => of_migration(source),
            Self::File(refusal) => refusal.fault(),
            Self::Backup(error) => error.fault(),
            Self::ConnectTimeout { .. } | Self::Silent { .. } | Self::Untried => Fault::Lost,
            Self::EmbeddedBusy { .. } => Fault::Busy,
            Self::Embedded { .. } | Self::Spool(_) => Fault::Setup,
            Self::Url { .. } | Self::NoDatabase | Self::NotOneStatement => Fault::Usage,
            Self::Outdated { .. } | Self::OtherRegistry(_) => Fault::Behind,
            Self::UnknownCompany { .. } | Self::InactiveCompany { .. } => Fault::Company,
            Self::NoRole { .. } | Self::OpenLog { .. } | Self::Unfenced { .. } => Fault::Rights,
            Self::Worker => Fault::Setup,
            Self::UnknownRole(_)
            | Self::CompanyRole(_)
            | Self::OtherRole(_)
            | Self::UnknownSchema(_)
            | Self::InTheWay(_) => Fault::Refused,
            Self::Taken(_)
            | Self::OtherKey { .. }
            | Self::NoImport { .. }
            | Self::NoHeldRow { .. }
            | Self::NotAcceptable { .. }
            | Self::NotIn { .. }
            | Self::LeftBehind(_)
            | Self::NoCredentials { .. }
            | Self::NoUser { .. }
            | Self::Unopened { .. }
            | Self::Seal(_) => Fault::Request,
            // A trigger or a rule of the platform's may keep some rows out and let others in.
            Self::Missing { .. } => Fault::Rows,
            Self::Unproven { .. } => Fault::Tables,
            Self::Moved { .. } | Self::Equation { .. } | Self::Impossible(_) => Fault::Bug,
        }
    }

    /// Returns whether the server turned a statement down for what stands in the tables.
    pub(crate) fn is_of_the_tables(&self) -> bool {
        matches!(self.fault(), Fault::Rows | Fault::Clash | Fault::Tables)
    }
}

/// Returns the fault of a statement that the user wrote: the statement's own, unless the server
/// could not run it at all.
fn of_statement(source: &sqlx::Error) -> Fault {
    match of_driver(source) {
        // The transaction may only read because the user did not ask vama to write.
        Fault::Busy if code_of(source).as_deref() == Some(READ_ONLY) => Fault::Request,
        fault if fault.is_transient() => fault,
        _ => Fault::Request,
    }
}

fn of_migration(source: &MigrateError) -> Fault {
    match source {
        MigrateError::Execute(source) | MigrateError::ExecuteMigration(source, _) => {
            of_driver(source)
        }
        // The schema has had other migrations than those that this program brings.
        MigrateError::VersionMissing(_)
        | MigrateError::VersionMismatch(_)
        | MigrateError::VersionNotPresent(_)
        | MigrateError::VersionTooOld(..)
        | MigrateError::VersionTooNew(..)
        | MigrateError::Dirty(_) => Fault::Tables,
        MigrateError::Source(_) => Fault::Unreadable,
        // Errors that the driver has for other databases.
        _ => Fault::Bug,
    }
}

fn of_driver(source: &sqlx::Error) -> Fault {
    use sqlx::Error;
    match source {
        Error::Database(error) => error.code().map_or(Fault::Bug, |code| of_code(&code)),
        // `Protocol` is an answer that does not belong to the question: the connection is of no use
        // any more.
        Error::Io(_) | Error::Protocol(_) | Error::BeginFailed | Error::WorkerCrashed => {
            Fault::Lost
        }
        Error::Tls(_) | Error::Configuration(_) => Fault::Setup,
        // A value of a row that somebody else wrote, or a column whose type somebody changed.
        Error::ColumnDecode { .. } | Error::Decode(_) | Error::ColumnNotFound(_) => Fault::Tables,
        Error::PoolTimedOut | Error::PoolClosed => Fault::Busy,
        Error::Migrate(error) => of_migration(error),
        Error::InvalidArgument(_)
        | Error::RowNotFound
        | Error::TypeNotFound { .. }
        | Error::ColumnIndexOutOfBounds { .. }
        | Error::Encode(_)
        | Error::AnyDriverError(_)
        | Error::InvalidSavePointStatement => Fault::Bug,
        // What a later version of the driver may add.
        _ => Fault::Bug,
    }
}

/// Returns the fault behind a code of the server (PostgreSQL, appendix A): those codes that differ
/// from their class, then the classes.
fn of_code(code: &str) -> Fault {
    match code {
        // A statement that was ended for its time or its size.
        "57014" | "53400" | "25P04" => return Fault::Slow,
        // A lock not to be had in time.
        "55P03" => return Fault::Locked,
        // No writes now, no connection left, an object in use, a server that starts.
        READ_ONLY | "53300" | "55006" | "57P03" => return Fault::Busy,
        // `XX000` too: on a cluster an error inside a COPY comes without its own code.
        "23505" | "XX000" => return Fault::Clash,
        "25P03" => return Fault::Lost,
        "42501" => return Fault::Rights,
        _ => {}
    }
    match code.get(..2).unwrap_or_default() {
        // Data exceptions, constraints, check options; triggers and their functions.
        "09" | "20" | "21" | "22" | "23" | "27" | "38" | "39" | "44" | "P0" => Fault::Rows,
        // A value too long for an index, too many parts of an expression.
        "54" => Fault::Rows,
        "40" => Fault::Deadlock,
        // Connections, and servers that end theirs.
        "08" | "57" => Fault::Lost,
        "72" => Fault::Busy,
        // Resources, and the system below the server.
        "53" | "58" => Fault::Full,
        // The sign-in, the database's name, the server's own configuration.
        "28" | "3D" | "F0" => Fault::Setup,
        // What the tables do not have or cannot do; damaged pages and indexes.
        "0A" | "2B" | "3F" | "42" | "55" | "HV" | "XX" => Fault::Tables,
        "0L" | "0P" => Fault::Rights,
        // Warnings, and states of a transaction, cursor or statement that vama never brings about.
        "00" | "01" | "02" | "03" | "0B" | "0F" | "0Z" | "24" | "25" | "26" | "2D" | "2F"
        | "34" | "3B" => Fault::Bug,
        // A code that a trigger of the platform's makes up.
        _ => Fault::Rows,
    }
}

fn code_of(source: &sqlx::Error) -> Option<String> {
    Some(source.as_database_error()?.code()?.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_second_try_mends_is_not_the_files_fault_and_what_the_rows_say_is() {
        let told = |codes: &[&str]| codes.iter().map(|code| of_code(code)).collect::<Vec<_>>();
        let rows = told(&["22001", "23502", "23514", "23P01", "54000", "P0001", "ABC01"]);
        assert!(rows.iter().all(|fault| *fault == Fault::Rows), "{rows:?}");
        assert_eq!(told(&["42501", "42P01", "42703", "0A000"]), {
            [Fault::Rights, Fault::Tables, Fault::Tables, Fault::Tables]
        });
        assert_eq!(told(&["53100", "53200", "58030", "53300"]), {
            [Fault::Full, Fault::Full, Fault::Full, Fault::Busy]
        });
        assert_eq!(told(&["57014", "57P01", "08006", "55P03"]), {
            [Fault::Slow, Fault::Lost, Fault::Lost, Fault::Locked]
        });
        assert_eq!(told(&["23505", "XX000", "40P01", "XX001"]), {
            [Fault::Clash, Fault::Clash, Fault::Deadlock, Fault::Tables]
        });
    }

    #[test]
    fn an_answer_that_belongs_to_no_question_is_a_lost_connection() {
        let error = StoreError::at("a step")(sqlx::Error::Protocol("unexpected".to_owned()));
        assert_eq!(error.fault(), Fault::Lost);
    }
}
