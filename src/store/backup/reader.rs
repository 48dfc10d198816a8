//! The text of a dump → what is sent: statements, and the rows of each COPY.
//!
//! pg_dump writes for `psql`. This reads the little of psql's language that it uses, so that a
//! backup comes back over vama's own connection, in vama's transaction, and through a pooler too.

use std::io::BufRead;

use super::file::{OUTSIDE, TAIL};
use crate::store::connection::quotes::Quotes;

/// Bytes that are gathered before they are sent.
const PIECE_BYTES: usize = 64 << 10;

/// How pg_dump empties its session's search path: by a function, not by a SET.
const SET_PATH: &[u8] = b"pg_catalog.set_config('search_path',";

/// What comes next in a dump.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Whole statements.
    Statements(String),
    /// A `COPY … FROM stdin`; its rows follow.
    Copy(String),
    /// Some rows of the COPY, whole lines.
    Rows(Vec<u8>),
    /// The COPY has no more rows.
    CopyDone,
}

/// A dump that cannot be read on.
#[derive(Debug)]
pub(crate) enum Unread {
    /// The file cannot be read.
    Read(std::io::Error),
    /// The line is not what pg_dump writes.
    Line,
}

/// Where in the dump the next piece begins.
enum At {
    /// Between statements.
    Statements,
    /// At a COPY that was read with the statements before it.
    Copy(String),
    /// Among the rows of a COPY.
    Rows,
    /// Behind the rows of a COPY.
    CopyDone,
    /// Behind the company's own part.
    End,
}

/// The pieces of a dump, with the number of the line they begin in.
pub(crate) struct Pieces<R> {
    lines: R,
    /// The number of the line that was read last.
    number: u64,
    /// The number of the line in which the piece begins.
    begin: u64,
    at: At,
}

impl<R: BufRead> Pieces<R> {
    /// Begins behind the first line.
    pub(crate) fn behind_manifest(lines: R) -> Self {
        Self { lines, number: 1, begin: 2, at: At::Statements }
    }

    /// Returns the number of the line in which the last piece begins.
    pub(crate) fn line(&self) -> u64 {
        self.begin
    }

    /// Returns the next piece; `None` behind the company's own part.
    pub(crate) fn next(&mut self) -> Result<Option<Piece>, Unread> {
        self.begin = self.number + 1;
        match std::mem::replace(&mut self.at, At::Statements) {
            At::Statements => self.statements(),
            At::Copy(statement) => {
                self.at = At::Rows;
                Ok(Some(Piece::Copy(statement)))
            }
            At::Rows => self.rows().map(Some),
            At::CopyDone => Ok(Some(Piece::CopyDone)),
            At::End => {
                self.at = At::End;
                Ok(None)
            }
        }
    }

    fn read(&mut self, line: &mut Vec<u8>) -> Result<(), Unread> {
        let before = line.len();
        self.lines.read_until(b'\n', line).map_err(Unread::Read)?;
        self.number += 1;
        // The company's part ends with a line of ours, so the end of the file must not come before
        // that line.
        if line.len() == before { Err(Unread::Line) } else { Ok(()) }
    }

    fn rows(&mut self) -> Result<Piece, Unread> {
        let mut rows = Vec::with_capacity(PIECE_BYTES);
        self.at = At::Rows;
        while rows.len() < PIECE_BYTES {
            let begin = rows.len();
            self.read(&mut rows)?;
            // A backslash that is data is written twice.
            if rows.get(begin..).is_some_and(|line| line == b"\\.\n") {
                rows.truncate(begin);
                self.at = At::CopyDone;
                break;
            }
        }
        Ok(Piece::Rows(rows))
    }

    fn statements(&mut self) -> Result<Option<Piece>, Unread> {
        let (mut text, mut quotes, mut line) = (Vec::new(), Quotes::default(), Vec::new());
        // Whether the next line begins a statement, and whether the one under way is an INSERT.
        let (mut fresh, mut insert) = (true, false);
        loop {
            line.clear();
            self.read(&mut line)?;
            if fresh {
                match Begin::of(&line) {
                    Begin::Nothing => {
                        // A piece ends between two objects. A comment in a function's body does not
                        // get here, since no statement begins there.
                        if text.len() >= PIECE_BYTES {
                            break;
                        }
                        continue;
                    }
                    Begin::End => {
                        self.at = At::End;
                        break;
                    }
                    Begin::Copy => {
                        self.at = At::Copy(words(line)?);
                        break;
                    }
                    Begin::Insert => insert = true,
                    Begin::Other => insert = false,
                }
            }
            text.extend_from_slice(&line);
            fresh = quotes.ends_statement(&line);
            if fresh && insert && text.len() >= PIECE_BYTES {
                break;
            }
        }
        if text.is_empty() {
            return self.next();
        }
        Ok(Some(Piece::Statements(words(text)?)))
    }
}

fn words(text: Vec<u8>) -> Result<String, Unread> {
    String::from_utf8(text).map_err(|_| Unread::Line)
}

/// What a line that begins a statement is.
enum Begin {
    /// A comment, an empty line, or what pg_dump sets for its whole session.
    ///
    /// These settings are left out: a pooler may give the session to somebody else next, and an
    /// older server may not know a setting. What is needed is set for the transaction alone
    /// (`prepare.sql`).
    Nothing,
    /// The end of the company's own part.
    End,
    Copy,
    Insert,
    Other,
}

impl Begin {
    fn of(line: &[u8]) -> Self {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let mut words = line.splitn(3, |b| *b == b' ');
        let (first, second) = (words.next(), words.next().unwrap_or_default());
        let ends = |with: &str| line.ends_with(with.as_bytes());
        match first.unwrap_or_default() {
            _ if line == TAIL.as_bytes() || line == OUTSIDE.as_bytes() => Self::End,
            _ if line.is_empty() => Self::Nothing,
            b"\\restrict" | b"\\unrestrict" => Self::Nothing,
            word if word.starts_with(b"--") => Self::Nothing,
            b"SET" if ends(";") => Self::Nothing,
            b"SELECT" if second.starts_with(SET_PATH) => Self::Nothing,
            b"COPY" if ends(" FROM stdin;") => Self::Copy,
            b"INSERT" => Self::Insert,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(text: &str) -> Vec<Piece> {
        let mut pieces = Pieces::behind_manifest(text.as_bytes());
        let mut all = Vec::new();
        while let Some(piece) = pieces.next().unwrap() {
            all.push(piece);
        }
        all
    }

    #[test]
    fn what_is_for_a_session_is_left_out_and_what_is_quoted_is_kept() {
        let text = "--\n-- PostgreSQL database dump\n--\n\n\\restrict abc\n\nSET lock_timeout = 0;\n\
            SELECT pg_catalog.set_config('search_path', '', false);\nCREATE TABLE s.t (\n    a text\n);\n\
            COMMENT ON TABLE s.t IS 'x;\n\nSET a = 1;\n-- end of vama backup\n';\n\n\
            COPY s.t (a) FROM stdin;\nSET b = 1;\n\\\\.\n-- x\n\\.\n\n\nCREATE INDEX i ON s.t (a);\n\
            \\unrestrict abc\n\n-- end of vama backup\n";
        let copy = "COPY s.t (a) FROM stdin;\n".to_owned();
        let expected = [
            Piece::Statements(
                "CREATE TABLE s.t (\n    a text\n);\nCOMMENT ON TABLE s.t IS 'x;\n\nSET a = 1;\n\
                 -- end of vama backup\n';\n"
                    .to_owned(),
            ),
            Piece::Copy(copy),
            Piece::Rows(b"SET b = 1;\n\\\\.\n-- x\n".to_vec()),
            Piece::CopyDone,
            Piece::Statements("CREATE INDEX i ON s.t (a);\n".to_owned()),
        ];
        assert_eq!(pieces(text), expected);
    }

    #[test]
    fn many_rows_come_in_pieces_of_whole_lines_and_whole_statements() {
        let line = "x".repeat(99);
        let rows = format!("{line}\n").repeat(2_000);
        let mut all = pieces(&format!("COPY t (a) FROM stdin;\n{rows}\\.\n{TAIL}\n")).into_iter();
        assert!(matches!(all.next(), Some(Piece::Copy(_))));
        assert_eq!(all.next_back(), Some(Piece::CopyDone));
        let mut joined = Vec::new();
        for piece in all {
            let Piece::Rows(some) = piece else { panic!("{piece:?}") };
            assert!(some.ends_with(b"\n") && some.len() < PIECE_BYTES + 101);
            joined.extend(some);
        }
        assert_eq!(joined, rows.as_bytes());

        let insert =
            format!("INSERT INTO t VALUES\n\t('{line};\n{line}'),\n\t(';');\n").repeat(2_000);
        let all = pieces(&format!("{insert}{TAIL}\n"));
        assert!(all.len() > 5);
        let mut joined = String::new();
        for piece in all {
            let Piece::Statements(some) = piece else { panic!("{piece:?}") };
            assert!(some.starts_with("INSERT ") && some.ends_with("(';');\n"));
            joined.push_str(&some);
        }
        assert_eq!(joined, insert);
    }

    #[test]
    fn a_body_of_statements_stays_whole_between_two_comments() {
        let body = format!(
            "CREATE FUNCTION s.f() RETURNS text\n    LANGUAGE sql\n    BEGIN ATOMIC\n SELECT 1;\n SELECT \
             '{}';\nEND;\n",
            "x".repeat(PIECE_BYTES)
        );
        let text = format!("{body}\n\n--\n-- Name: t\n--\n\nCREATE TABLE t ();\n{TAIL}\n");
        let expected = [body, "CREATE TABLE t ();\n".to_owned()].map(Piece::Statements);
        assert_eq!(pieces(&text), expected);
    }

    #[test]
    fn a_dump_without_its_end_is_a_fault() {
        for text in ["", "CREATE TABLE t ();\n", "COPY t (a) FROM stdin;\nx\n", "SELECT 'x"] {
            let mut pieces = Pieces::behind_manifest(text.as_bytes());
            let end = std::iter::from_fn(|| match pieces.next() {
                Ok(Some(_)) => Some(true),
                Ok(None) => None,
                Err(_) => Some(false),
            });
            assert!(end.take(9).any(|fine| !fine), "{text:?}");
        }
    }
}
