//! Lists as tables that fit the terminal. Where a row has no room on one line, its last column goes
//! below it; where that is too wide too, each field has a line of its own.
//!
//! Only names lose their middle, and never more of it than they must. Off a terminal nothing is cut
//! and a row stays one line, for `grep` and for files.

use std::io;

use comfy_table::{CellAlignment, ContentArrangement, Table, presets};
use console::measure_text_width;

use super::names::shortened;
use super::output::{Paint, broken, columns_of_stdout, show, show_exactly};

/// A column: its head, and what may become of its cells where the terminal is too narrow for them.
#[derive(Debug, Clone, Copy)]
pub(super) enum Column<'a> {
    /// A number: stands at the right, and is never cut.
    Number(&'a str),
    /// A word that means something else when a part of it is missing, as a day does: never cut.
    Word(&'a str),
    /// A name: its middle may be left out. As the last column it may stand below its row.
    Name(&'a str),
}

impl<'a> Column<'a> {
    fn head(self) -> &'a str {
        match self {
            Self::Number(head) | Self::Word(head) | Self::Name(head) => head,
        }
    }
}

/// Columns of the terminal between two columns of a table.
const GAP: usize = 2;

/// The width of a name that still tells it apart from others; below it the row is rather parted.
const NAME_COLUMNS: usize = 24;

/// The width below which no name is cut.
const NAME_COLUMNS_MIN: usize = 8;

/// The widest that a field's name is shown where each field has a line.
const FIELD_COLUMNS_MAX: usize = 30;

/// What stands before the last column where it is shown below its row.
const BELOW: &str = "  ";

/// Writes a table to stdout.
pub(super) fn show_table(columns: &[Column<'_>], rows: Vec<Vec<String>>) -> io::Result<()> {
    show_table_with(columns, rows, &[])
}

/// Writes a table to stdout, and below each row what is to be said of it, where there is something.
pub(super) fn show_table_with(
    columns: &[Column<'_>],
    rows: Vec<Vec<String>>,
    remarks: &[Option<String>],
) -> io::Result<()> {
    let mut lines = lines(columns, rows, columns_of_stdout()).into_iter();
    lines.next().into_iter().flatten().try_for_each(|line| show_exactly(&line))?;
    for (row, lines) in lines.enumerate() {
        lines.iter().try_for_each(|line| show_exactly(line))?;
        if let Some(Some(remark)) = remarks.get(row) {
            show(&format!("{BELOW}{remark}"))?;
        }
    }
    Ok(())
}

/// Returns the lines of a table with its head, a line for each row: names are cut as far as they may,
/// even where that is not enough.
pub(super) fn lines_of_rows(
    columns: &[Column<'_>],
    rows: Vec<Vec<String>>,
    room: Option<usize>,
) -> Vec<String> {
    let rows = harmless(rows);
    let (widths, _) = widths(columns, &rows, room, NAME_COLUMNS_MIN);
    laid_out(columns, &rows, &widths)
}

/// Returns the lines of the head, and of each row.
fn lines(columns: &[Column<'_>], rows: Vec<Vec<String>>, room: Option<usize>) -> Vec<Vec<String>> {
    let rows = harmless(rows);
    let Some(room) = room else {
        let mut lines = laid_out(columns, &rows, &widths(columns, &rows, None, 0).0).into_iter();
        let height = |row: &Vec<String>| row.iter().map(|it| it.lines().count()).max();
        let heights = rows.iter().map(|row| height(row).unwrap_or_default().max(1));
        let heights = std::iter::once(1).chain(heights);
        return heights.map(|height| lines.by_ref().take(height).collect()).collect();
    };
    in_one_line(columns, &rows, room, NAME_COLUMNS)
        .or_else(|| with_the_last_below(columns, &rows, room))
        .or_else(|| in_one_line(columns, &rows, room, NAME_COLUMNS_MIN))
        .unwrap_or_else(|| field_by_field(columns, &rows, room))
}

/// Returns the cells without what could steer the terminal; line ends stay.
fn harmless(rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    let harmless = |c: char| if c.is_control() && c != '\n' { '?' } else { c };
    let cells =
        |row: Vec<String>| row.iter().map(|it| it.chars().map(harmless).collect()).collect();
    rows.into_iter().map(cells).collect()
}

/// Returns how wide each column is to be, and whether the table has room with that. The widest name
/// is cut first, and none below `name_min`.
fn widths(
    columns: &[Column<'_>],
    rows: &[Vec<String>],
    room: Option<usize>,
    name_min: usize,
) -> (Vec<usize>, bool) {
    let width = |(index, column): (usize, &Column<'_>)| {
        let cells = rows.iter().filter_map(|row| row.get(index));
        let lines = cells.flat_map(|cell| cell.lines()).chain([column.head()]);
        lines.map(measure_text_width).max().unwrap_or_default()
    };
    let mut widths: Vec<usize> = columns.iter().enumerate().map(width).collect();
    let gaps = GAP * columns.len().saturating_sub(1);
    let fits =
        |widths: &[usize]| room.is_none_or(|room| widths.iter().sum::<usize>() + gaps <= room);
    while !fits(&widths) {
        let names = widths.iter_mut().zip(columns);
        let names = names.filter(|(_, column)| matches!(column, Column::Name(_)));
        let widest = names.map(|(width, _)| width).filter(|it| **it > name_min).max();
        let Some(widest) = widest else { return (widths, false) };
        *widest -= 1;
    }
    (widths, true)
}

/// Returns a line for each row; `None` where there is no room for that, or a cell has several lines.
fn in_one_line(
    columns: &[Column<'_>],
    rows: &[Vec<String>],
    room: usize,
    name_min: usize,
) -> Option<Vec<Vec<String>>> {
    let (widths, fits) = widths(columns, rows, Some(room), name_min);
    let has_lines = rows.iter().flatten().any(|cell| cell.contains('\n'));
    (fits && !has_lines)
        .then(|| laid_out(columns, rows, &widths).into_iter().map(|line| vec![line]).collect())
}

/// Returns a line for each row and, below it, the last column, where that is a name.
fn with_the_last_below(
    columns: &[Column<'_>],
    rows: &[Vec<String>],
    room: usize,
) -> Option<Vec<Vec<String>>> {
    let (Column::Name(head), above) = columns.split_last()? else { return None };
    let last = std::iter::once(*head);
    let last = last.chain(rows.iter().map(|row| row.last().map_or("", String::as_str)));
    let lines = in_one_line(above, rows, room, NAME_COLUMNS_MIN)?;
    let below =
        |text: &str| Paint::Faint.on(&format!("{BELOW}{}", shortened(text, room - BELOW.len())));
    let with_last = |(mut lines, text): (Vec<String>, &str)| {
        lines.push(below(text));
        lines
    };
    Some(lines.into_iter().zip(last).map(with_last).collect())
}

/// Returns a line for each field, and an empty one between rows; there is no head.
fn field_by_field(columns: &[Column<'_>], rows: &[Vec<String>], room: usize) -> Vec<Vec<String>> {
    let heads: Vec<String> =
        columns.iter().map(|column| shortened(column.head(), FIELD_COLUMNS_MAX)).collect();
    let widest = heads.iter().map(|head| measure_text_width(head)).max().unwrap_or_default();
    let mut all = vec![Vec::new()];
    for (index, row) in rows.iter().enumerate() {
        let mut lines = Vec::new();
        if index > 0 {
            lines.push(String::new());
        }
        for ((head, column), value) in heads.iter().zip(columns).zip(row) {
            let padding = widest + GAP - measure_text_width(head);
            let head = format!("{head}{}", " ".repeat(padding));
            let value = match column {
                Column::Name(_) => &shortened(value, room - BELOW.len()),
                Column::Number(_) | Column::Word(_) => value,
            };
            lines.extend(field(&head, value, room));
        }
        all.push(lines);
    }
    all
}

/// Returns a field's value behind its name; below it where a word of the value has no room behind it.
fn field(head: &str, value: &str, room: usize) -> Vec<String> {
    let longest = value.split_whitespace().map(measure_text_width).max().unwrap_or_default();
    let has_room = measure_text_width(head) + longest <= room;
    let indent = if has_room { " ".repeat(measure_text_width(head)) } else { BELOW.to_owned() };
    let mut lines = Vec::new();
    let mut first = head;
    if !has_room {
        lines.push(head.to_owned());
        first = &indent;
    }
    for line in value.split('\n') {
        match line.is_empty() {
            true => lines.push(first.to_owned()),
            false => lines.extend(broken(line, first, &indent, room)),
        }
        first = &indent;
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// Returns the head and the rows with columns of these widths.
fn laid_out(columns: &[Column<'_>], rows: &[Vec<String>], widths: &[usize]) -> Vec<String> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(columns.iter().map(|column| column.head()));
    for row in rows {
        let cells = row.iter().zip(columns).zip(widths);
        table.add_row(cells.map(|((cell, column), width)| match column {
            Column::Name(_) => shortened(cell, *width),
            Column::Number(_) | Column::Word(_) => cell.clone(),
        }));
    }
    for (drawn, column) in table.column_iter_mut().zip(columns) {
        drawn.set_padding((0, GAP as u16));
        if let Column::Number(_) = column {
            drawn.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.trim_fmt().lines().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column<'_>; 4] =
        [Column::Number("#"), Column::Word("day"), Column::Number("sum"), Column::Name("file")];

    fn rows() -> Vec<Vec<String>> {
        let row = |number: &str, sum: &str, file: &str| {
            [number, "2026-03-31", sum, file].map(str::to_owned).to_vec()
        };
        vec![
            row("7", "-12.50", "extras.sta"),
            row("112", "1234567.89", "MT940_RO49AAAA1B31007593840000_20260302_20260331.txt"),
        ]
    }

    fn shown(room: Option<usize>) -> String {
        lines(&COLUMNS, rows(), room).concat().join("\n")
    }

    #[test]
    fn a_row_is_one_line_where_there_is_room() {
        insta::assert_snapshot!(shown(Some(120)), @r"
          #  day                sum  file
          7  2026-03-31      -12.50  extras.sta
        112  2026-03-31  1234567.89  MT940_RO49AAAA1B31007593840000_20260302_20260331.txt
        ");
        assert_eq!(shown(None), shown(Some(120)));
    }

    #[test]
    fn names_lose_their_middle_and_numbers_nothing() {
        insta::assert_snapshot!(shown(Some(60)), @r"
          #  day                sum  file
          7  2026-03-31      -12.50  extras.sta
        112  2026-03-31  1234567.89  MT940_R…0_20260302_20260331.txt
        ");
    }

    #[test]
    fn the_last_name_goes_below_its_row_before_it_is_cut_short() {
        insta::assert_snapshot!(shown(Some(48)), @r"
          #  day                sum
          file
          7  2026-03-31      -12.50
          extras.sta
        112  2026-03-31  1234567.89
          MT940_RO49A…007593840000_20260302_20260331.txt
        ");
    }

    #[test]
    fn each_field_has_a_line_where_nothing_else_has_room() {
        let shown = lines(&COLUMNS, rows(), Some(24)).concat();
        let first = ["#     7", "day   2026-03-31", "sum   -12.50", "file  extras.sta", ""];
        assert_eq!(shown[..5], first);
        let second = ["#     112", "day   2026-03-31", "sum   1234567.89", "file"];
        assert_eq!(shown[5..9], second);
        assert_eq!(shown[9..], ["  MT940…302_20260331.txt"]);
    }

    #[test]
    fn no_line_is_wider_than_the_room_as_long_as_each_word_has_room() {
        for room in 14..120 {
            for line in lines(&COLUMNS, rows(), Some(room)).concat() {
                let words = line.split_whitespace().map(measure_text_width).max();
                let needed = words.unwrap_or_default() + BELOW.len();
                assert!(measure_text_width(&line) <= room.max(needed), "{room}: {line}");
            }
        }
    }

    #[test]
    fn a_value_of_several_lines_and_one_that_is_wider_than_the_rest_stay_readable() {
        let columns = [Column::Word("id"), Column::Word("details")];
        let rows = vec![vec![String::new(), "first line of the text\n\n  second".to_owned()]];
        insta::assert_snapshot!(lines(&columns, rows, Some(80)).concat().join("\n"), @r"
        id
        details  first line of the text

                   second
        ");
        let rows = vec![vec!["1".to_owned(), "0123456789".repeat(2)]];
        insta::assert_snapshot!(lines(&columns, rows, Some(22)).concat().join("\n"), @r"
        id       1
        details
          01234567890123456789
        ");
    }

    #[test]
    fn a_cell_cannot_steer_the_terminal() {
        let rows = vec![vec!["a\u{1b}[2Jb".to_owned()]];
        assert_eq!(lines(&[Column::Name("x")], rows, Some(80)).concat(), ["x", "a?[2Jb"]);
    }
}
