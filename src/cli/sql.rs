//! `vama sql`: one statement inside one company.

use std::io::{self, IsTerminal, Read};

use serde_json::value::RawValue;

use super::output::{UsageError, say, show_exactly, show_json};
use super::table::{Column, show_table};
use crate::cli::{Global, session};
use crate::road::report::{ExitStatus, SCHEMA};
use crate::store::{self, Access, Answer};

/// How a table shows NULL; an empty text is shown as nothing.
const NULL: &str = "–";

/// Run one SQL statement inside a company
///
/// The statement sees the company's tables, by their plain names, and no other company's, whatever
/// it tries. Without --write it may only read.
#[derive(Debug, clap::Args)]
#[command(after_help = JSON)]
pub(super) struct Arguments {
    /// The company
    #[arg(short, long, value_name = "SLUG")]
    company: String,

    /// Let the statement change rows, and keep what it changes
    #[arg(long)]
    write: bool,

    /// Write one JSON document to stdout
    #[arg(long, conflicts_with = "csv")]
    json: bool,

    /// Write CSV to stdout, with a header; NULL is an empty field
    #[arg(long)]
    csv: bool,

    /// The statement; without one, or with -, it is read from stdin
    statement: Option<String>,
}

const JSON: &str = "\
JSON: {\"schema\":1,\"company\",\"columns\":[name,…],\"rows\":[[value,…],…],\"affected\"}: values in \
the order of the columns, numbers with all their digits; affected counts the rows of a statement \
that returns none.";

#[derive(serde::Serialize)]
struct Document<'a> {
    schema: u32,
    company: &'a str,
    columns: &'a [String],
    rows: &'a [Vec<Box<RawValue>>],
    affected: Option<i64>,
}

pub(super) async fn run(arguments: Arguments, global: &Global) -> anyhow::Result<ExitStatus> {
    let statement = statement(arguments.statement)?;
    let access = if arguments.write { Access::Write } else { Access::Read };
    let mut session = session::open(global).await?;
    let company = &arguments.company;
    let answer = store::run_statement(&mut session, company, &statement, access).await?;
    session.close().await;
    if arguments.json {
        let Answer { columns, rows, affected } = &answer;
        let affected = *affected;
        show_json(&Document { schema: SCHEMA, company, columns, rows, affected })?;
    } else if let Some(affected) = answer.affected {
        let rows = if affected == 1 { "row" } else { "rows" };
        say(&format!("done: {affected} {rows} affected"));
    } else if answer.columns.is_empty() {
        say(&format!("no columns, {} rows", answer.rows.len()));
    } else if arguments.csv {
        show_exactly(csv(&answer)?.trim_end_matches('\n'))?;
    } else {
        if answer.rows.is_empty() {
            global.note("no rows");
        }
        table(&answer)?;
    }
    Ok(ExitStatus::Done)
}

/// Returns the argument, or what comes in on stdin.
fn statement(argument: Option<String>) -> anyhow::Result<String> {
    let asked_for = match argument {
        Some(statement) if statement != "-" => return Ok(statement),
        argument => argument.is_some(),
    };
    if !asked_for && io::stdin().is_terminal() {
        let missing = "the statement is missing: name it, or send it to stdin";
        return Err(UsageError(missing.to_owned()).into());
    }
    let mut statement = String::new();
    io::stdin().lock().read_to_string(&mut statement)?;
    Ok(statement)
}

fn table(answer: &Answer) -> io::Result<()> {
    let is_number = |index: usize| {
        let values = || answer.rows.iter().filter_map(|row| row.get(index)).map(|it| it.get());
        let digits = |value: &str| value.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        values().all(|value| value == "null" || digits(value)) && values().any(digits)
    };
    // No value is a name: somebody asked for it, so nothing of it is left out.
    let column = |(index, head)| match is_number(index) {
        true => Column::Number(head),
        false => Column::Word(head),
    };
    let heads = answer.columns.iter().map(String::as_str);
    let columns: Vec<Column<'_>> = heads.enumerate().map(column).collect();
    let cell = |value: &RawValue| text(value).unwrap_or_else(|| NULL.to_owned());
    let cells = |row: &Vec<Box<RawValue>>| row.iter().map(|value| cell(value)).collect();
    let rows = answer.rows.iter().map(cells).collect();
    show_table(&columns, rows)
}

fn csv(answer: &Answer) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&answer.columns)?;
    for row in &answer.rows {
        writer.write_record(row.iter().map(|value| text(value).unwrap_or_default()))?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

/// Returns the value as people read it: a text without its quotes; `None` is NULL.
fn text(value: &RawValue) -> Option<String> {
    let json = value.get();
    match json {
        "null" => None,
        _ => Some(serde_json::from_str(json).unwrap_or_else(|_| json.to_owned())),
    }
}
