//! A sheet as it is written: a header, rows, sums, and how all of it is shown and printed.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use rust_xlsxwriter::{
    Color, Format, FormatAlign, FormatBorder, Formula, IgnoreError, Workbook, Worksheet, XlsxError,
    utility,
};

use super::cell::{Cell, Kind, cut, excel_day, number};

/// A4, as workbooks number papers.
const A4: u8 = 9;

/// Characters that a column is wide at least.
const WIDTH_MIN: usize = 8;

/// Points that a line of a row is high, and lines that a row has at most.
const LINE: u32 = 15;
const LINES_MAX: usize = 12;

/// Characters that a header is wider than its text: the button of its filter.
const BUTTON: usize = 3;

/// Characters of a company's name that a printed page has room for.
const NAME_MAX: usize = 100;

/// Characters of a text within a formula.
const QUOTED_MAX: usize = 255;

const HEADER: Color = Color::RGB(0x1F_3864);
const TOTAL: Color = Color::RGB(0xE7_E6E6);

/// What stands above and below every printed page.
pub(super) struct Frame {
    company: String,
    month: String,
}

impl Frame {
    pub(super) fn new(company: &str, month: &str) -> Self {
        let company = match Cell::text(company) {
            Cell::Text(company) => cut(company, NAME_MAX),
            _ => String::new(),
        };
        Self { company, month: month.to_owned() }
    }

    /// Returns the title of the workbook.
    pub(super) fn title(&self) -> String {
        format!("{}, {}", self.company, self.month)
    }

    fn print(&self, sheet: &mut Worksheet) {
        sheet.set_paper_size(A4).set_landscape().set_print_fit_to_pages(1, 0);
        // Where several signs of the name double, it has room for half as many.
        let company = cut(self.company.replace('&', "&&"), NAME_MAX);
        sheet.set_header(format!("&L{company}&C&A&R{}", self.month));
        sheet.set_footer("&CPagina &P din &N");
    }
}

/// The columns of a sheet: the header and the kind of each.
pub(super) type Columns = &'static [(&'static str, Kind)];

/// Which of a sheet's amounts are summed.
pub(super) struct Sums {
    /// The columns whose texts tell rows apart that are never summed together.
    pub(super) apart: &'static [usize],
    /// The columns of the amounts.
    pub(super) of: &'static [usize],
}

/// A sheet that is being written, row by row.
pub(super) struct Sheet<'w> {
    sheet: &'w mut Worksheet,
    columns: Columns,
    widths: Vec<usize>,
    next: u32,
    sums: Option<Sums>,
    /// What the summed columns come to, by the texts that tell them apart.
    summed: BTreeMap<Vec<String>, Vec<Decimal>>,
}

impl<'w> Sheet<'w> {
    /// Begins a sheet with its header.
    pub(super) fn begin(
        workbook: &'w mut Workbook,
        name: &str,
        frame: &Frame,
        columns: Columns,
        sums: Option<Sums>,
    ) -> Result<Self, XlsxError> {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name)?.set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
        frame.print(sheet);
        let header = Format::new().set_bold().set_font_color(Color::White);
        let header = header.set_background_color(HEADER).set_align(FormatAlign::Center);
        for ((name, kind), at) in columns.iter().zip(0..) {
            sheet.set_column_format(at, &shown(*kind))?;
            sheet.write_string_with_format(0, at, *name, &header)?;
        }
        let widths = columns.iter().map(|(name, _)| name.chars().count() + BUTTON).collect();
        Ok(Self { sheet, columns, widths, next: 1, sums, summed: BTreeMap::new() })
    }

    /// Returns the number of the next row, as people count rows.
    pub(super) fn next_row(&self) -> u32 {
        self.next + 1
    }

    /// Writes a row.
    pub(super) fn row(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        if let Some(Sums { apart, of }) = &self.sums {
            let apart = apart.iter().map(|at| said(cells.get(*at))).collect();
            let sums = self.summed.entry(apart).or_insert_with(|| vec![Decimal::ZERO; of.len()]);
            for (sum, at) in sums.iter_mut().zip(*of) {
                if let Some(Cell::Amount(amount) | Cell::Sum(_, amount)) = cells.get(*at) {
                    *sum += amount;
                }
            }
        }
        let mut lines = 1;
        for ((width, cell), (_, kind)) in self.widths.iter_mut().zip(cells).zip(self.columns) {
            *width = cell.width().max(*width);
            lines = cell.width().div_ceil(kind.width_max()).max(lines);
        }
        // Not every program finds by itself how high the lines of a text are.
        if let lines @ 2.. = u32::try_from(lines.min(LINES_MAX)).unwrap_or_default() {
            self.sheet.set_row_height(self.next, lines * LINE)?;
        }
        self.write(cells, None)
    }

    /// Writes a row that sums up the ones above it.
    pub(super) fn total(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        self.write(
            cells,
            Some(&|format| {
                format.set_bold().set_background_color(TOTAL).set_border_top(FormatBorder::Thin)
            }),
        )
    }

    /// Leaves a row empty.
    pub(super) fn skip(&mut self) {
        self.next += 1;
    }

    /// Gives a cell of the last row a colour.
    pub(super) fn paint(
        &mut self,
        at: u16,
        cell: &Cell,
        colours: &Format,
    ) -> Result<(), XlsxError> {
        match cell {
            Cell::Text(text) => {
                self.sheet.write_string_with_format(self.next - 1, at, text, colours)?;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Ends the sheet: the filter over its rows, the sums below them, the widths of its columns.
    pub(super) fn end(mut self) -> Result<(), XlsxError> {
        let rows = self.next - 1;
        let last = u16::try_from(self.columns.len()).unwrap_or(u16::MAX).saturating_sub(1);
        self.sheet.autofilter(0, 0, rows, last)?;
        if let Some(Sums { apart, of }) = self.sums.take() {
            let summed = std::mem::take(&mut self.summed);
            self.skip();
            for (texts, sums) in summed {
                let told: Vec<(usize, &String)> = apart.iter().copied().zip(&texts).collect();
                let mut cells = vec![Cell::Empty; self.columns.len()];
                let label = format!("Total {}", texts.join(" "));
                cells.iter_mut().take(1).for_each(|cell| *cell = Cell::text(&label));
                for (at, sum) in of.iter().zip(sums) {
                    let formula = sum_where(&told, *at, rows);
                    cells.iter_mut().skip(*at).take(1).for_each(|cell| {
                        *cell = formula.clone().map_or(Cell::Amount(sum), |it| Cell::Sum(it, sum));
                    });
                }
                self.total(&cells)?;
            }
        }
        for ((width, at), (_, kind)) in self.widths.iter().zip(0..).zip(self.columns) {
            let width = (*width).clamp(WIDTH_MIN, kind.width_max()) + 2;
            self.sheet.set_column_width(at, u32::try_from(width).unwrap_or_default())?;
            if [Kind::Name, Kind::Words].contains(kind) {
                // Numbers of orders are texts: no cell is to be called an error for that.
                let numbers = IgnoreError::NumberStoredAsText;
                self.sheet.ignore_error_range(0, at, self.next, at, numbers)?;
            }
        }
        Ok(())
    }

    /// Writes the cells as their columns are shown, or as `changed` shows them.
    fn write(
        &mut self,
        cells: &[Cell],
        changed: Option<&dyn Fn(Format) -> Format>,
    ) -> Result<(), XlsxError> {
        let row = self.next;
        for ((cell, at), (_, kind)) in cells.iter().zip(0..).zip(self.columns) {
            // Without a format of its own a cell has that of its column.
            let format = changed.map(|changed| changed(shown(*kind)));
            let format = format.as_ref();
            match cell {
                Cell::Empty => {
                    if let Some(format) = format {
                        self.sheet.write_blank(row, at, format)?;
                    }
                }
                Cell::Text(text) => self.put(row, at, text.as_str(), format)?,
                Cell::Amount(amount) => self.put(row, at, number(*amount), format)?,
                Cell::Count(count) => self.put(row, at, *count, format)?,
                Cell::Sum(formula, sum) => {
                    let formula = Formula::new(formula).set_result(sum.to_string());
                    self.put(row, at, formula, format)?;
                }
                Cell::Day(day) => match excel_day(*day) {
                    // The number of the day: the format of its column makes a date of it.
                    Some(day) => self.put(row, at, day.to_excel(), format)?,
                    None => self.put(row, at, day.to_string().as_str(), format)?,
                },
            }
        }
        self.next += 1;
        Ok(())
    }

    fn put(
        &mut self,
        row: u32,
        at: u16,
        what: impl rust_xlsxwriter::IntoExcelData,
        format: Option<&Format>,
    ) -> Result<(), XlsxError> {
        match format {
            Some(format) => self.sheet.write_with_format(row, at, what, format)?,
            None => self.sheet.write(row, at, what)?,
        };
        Ok(())
    }
}

/// Returns how the cells of a kind are shown.
pub(super) fn shown(kind: Kind) -> Format {
    let format = Format::new().set_align(FormatAlign::Top);
    match kind {
        Kind::Day => format.set_num_format("dd.mm.yyyy").set_align(FormatAlign::Center),
        Kind::Amount => format.set_num_format("#,##0.00"),
        Kind::Count => format.set_num_format("0"),
        Kind::Name | Kind::Words => {
            format.set_align(FormatAlign::Left).set_indent(1).set_text_wrap()
        }
    }
}

/// Returns what a cell says.
fn said(cell: Option<&Cell>) -> String {
    match cell {
        Some(Cell::Text(text)) => text.clone(),
        _ => String::new(),
    }
}

/// Returns the sum of a column over the rows whose texts are these; `None` where a text is too long for
/// a formula. A text is compared as it is: SUMIF would take it for a pattern or a number.
fn sum_where(told: &[(usize, &String)], of: usize, rows: u32) -> Option<String> {
    let column = |at: usize| {
        let name = utility::column_number_to_name(u16::try_from(at).unwrap_or(u16::MAX));
        format!("${name}$2:${name}${}", rows + 1)
    };
    let mut product = String::new();
    for (at, text) in told {
        let quoted = text.replace('"', "\"\"");
        if quoted.encode_utf16().count() > QUOTED_MAX {
            return None;
        }
        product.push_str(&format!("({}=\"{quoted}\")*", column(*at)));
    }
    Some(format!("=SUMPRODUCT({product}{})", column(of)))
}
