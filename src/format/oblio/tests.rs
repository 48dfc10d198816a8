use proptest::prelude::*;

use super::*;
use crate::check::check;
use crate::format::detect;
use crate::format::testing::{as_texts, dec, every_form, moved, typed};
use crate::lab::orders::{self, Invoice as Invented, Order};
use crate::lab::random::Random;
use crate::lab::workbook::{Cell, Sheet};
use crate::record::{Invoice, InvoiceKind};

const HEADER: usize = 4;

fn invented() -> Vec<Invented> {
    let day = "2026-04-01".parse().unwrap();
    Invented::of_orders(&Order::invent_many(6, day, &mut Random::of(&[5])))
}

fn sheet(invoices: &[Invented]) -> Sheet {
    orders::oblio(invoices, "2026-04-01".parse().unwrap(), "2026-04-30".parse().unwrap())
}

fn report(source: &Source) -> InvoiceReport {
    assert_eq!(detect(source).unwrap().name(), "oblio");
    match Oblio.read(source).unwrap() {
        Document::Invoices(report) => report,
        other => panic!("{other:?}"),
    }
}

fn read(sheet: Sheet) -> InvoiceReport {
    let [source, ..] = every_form("Facturi.xlsx", &[sheet]);
    report(&source)
}

/// Returns a report of two invoices, with another cell in the first.
fn with(header: &str, cell: Cell) -> Sheet {
    let mut sheet = sheet(&invented()[..2]);
    let place = sheet.rows[HEADER].iter().position(|it| *it == Cell::text(header)).unwrap();
    sheet.rows[HEADER + 1][place] = cell;
    sheet
}

/// Returns what the check of a report says: refusals, warnings, and whether it adds up.
fn checked(report: InvoiceReport) -> (Vec<String>, Vec<String>, Option<bool>) {
    let findings = check(&Document::Invoices(report)).unwrap();
    let adds_up = findings.adds_up();
    (
        findings.unbalanced.iter().map(ToString::to_string).collect(),
        findings.warnings.iter().map(ToString::to_string).collect(),
        adds_up,
    )
}

fn said(invoice: &Invoice) -> String {
    let mut invoice = Invoice { line: 0, raw: String::new(), ..invoice.clone() };
    invoice.total = invoice.total.normalize();
    for amount in [&mut invoice.net, &mut invoice.vat, &mut invoice.total_in_lei] {
        *amount = amount.map(|it| it.normalize());
    }
    format!("{invoice:?}")
}

#[test]
fn a_report_as_oblio_exports_it_is_read_whole_and_adds_up() {
    let invoices = invented();
    for source in every_form("Facturi.xls", &[sheet(&invoices)]) {
        let report = report(&source);
        assert_eq!((report.line, report.invoices.len(), report.damaged.len()), (6, 6, 0));
        let days = report.period.map(|(from, to)| format!("{from} {to}"));
        assert_eq!(days.as_deref(), Some("2026-04-01 2026-04-30"));
        assert_eq!(report.as_of.unwrap().to_string(), "2026-04-02 00:00:00");
        let invoice = &report.invoices[1];
        assert_eq!(
            (invoice.line, invoice.series.as_str(), invoice.number.as_str()),
            (7, "TST", "701")
        );
        assert_eq!((invoice.total, invoice.is_collected), (invoices[1].total, true));
        assert!(!report.invoices[0].is_collected && !invoice.is_canceled);
        assert_eq!((invoice.kind, invoice.currency.as_str()), (InvoiceKind::Normala, "RON"));
        assert_eq!((&invoice.client_cif, invoice.due_on), (&None, Some(invoices[1].day)));
        assert_eq!(invoice.client_city.as_deref(), Some("Cluj-Napoca"));
        assert_eq!(checked(report), (vec![], vec![], Some(true)));
    }
}

#[test]
fn a_storno_and_what_it_takes_back_are_told_by_their_kind() {
    let mut invoices = invented();
    invoices[0].kind = "Stornata";
    invoices[1].kind = "STORNO";
    invoices[1].total = -invoices[1].total;
    let report = read(sheet(&invoices));
    let kinds: Vec<_> = report.invoices.iter().map(|it| it.kind).collect();
    assert_eq!(kinds[..3], [InvoiceKind::Stornata, InvoiceKind::Storno, InvoiceKind::Normala]);
}

#[test]
fn an_invoice_is_cancelled_where_a_word_says_so_and_never_by_an_amount() {
    let canceled = |header, text: &str| {
        let report = read(with(header, Cell::text(text)));
        report.invoices.iter().filter(|it| it.is_canceled).count()
    };
    assert_eq!(canceled("Tip factura", "Anulată"), 1);
    assert_eq!(canceled("Nota", "ANULATA"), 1);
    assert_eq!(canceled("Mentiuni", "Factura anulata la cerere"), 1);
    assert_eq!(canceled("Mentiuni", "Nu se anuleaza"), 0);
    assert_eq!(canceled("Rest de incasat", "0"), 0);
}

#[test]
fn a_row_that_is_no_invoice_is_damaged_and_a_note_is_none() {
    let damaged = |header, cell| {
        let report = read(with(header, cell));
        assert_eq!((report.invoices.len(), report.damaged.len()), (1, 1), "{header}");
        (report.damaged[0].line, report.damaged[0].reason.to_string())
    };
    assert_eq!(damaged("Factura", Cell::Empty), (6, "Factura is missing".to_owned()));
    let told = "Factura without digits at its end, expected series and number such as FNT24001";
    assert_eq!(damaged("Factura", Cell::text("TST")).1, told);
    let told = "Total valoare \"mult\" is not an amount";
    assert_eq!(damaged("Total valoare", Cell::text("mult")).1, told);
    let told = "a kind of document under Tip factura that is not known, expected Normala, Storno, \
                Stornata or Anulata";
    assert_eq!(damaged("Tip factura", Cell::text("Proforma")).1, told);
}

#[test]
fn an_invoice_whose_amounts_do_not_fit_together_keeps_the_file_out() {
    let (unbalanced, _, adds_up) = checked(read(with("Total TVA", Cell::number(1))));
    assert_eq!((unbalanced.len(), adds_up), (1, Some(false)));
    let told = "line 6: invoice TST700: total, and its amount without VAT with its VAT: stated ";
    assert!(unbalanced[0].starts_with(told), "{unbalanced:?}");
    let (unbalanced, ..) = checked(read(with("Total valoare RON", Cell::number(1))));
    assert!(unbalanced[0].contains("TST700: total in lei"), "{unbalanced:?}");
    // In another currency lei are another amount.
    let mut euro = with("Moneda", Cell::text("EUR"));
    euro.rows[HEADER + 1][12] = Cell::number(1);
    assert_eq!(checked(read(euro)).0, [""; 0]);
}

#[test]
fn the_columns_of_the_rates_make_the_vat_where_no_total_of_it_is_stated() {
    let mut sheet = sheet(&invented());
    sheet.rows[HEADER][10] = Cell::text("TVA 9%");
    sheet.rows.iter_mut().skip(HEADER + 1).filter(|row| row.len() > 10).for_each(|row| {
        row[10] = Cell::number(0);
    });
    assert_eq!(checked(read(sheet)), (vec![], vec![], Some(true)));
}

#[test]
fn a_total_row_is_compared_and_is_no_invoice() {
    let invoices = invented();
    let sum: rust_decimal::Decimal = invoices.iter().map(|it| it.total).sum();
    let with_total = |total| {
        let mut sheet = sheet(&invoices);
        let mut row = vec![Cell::Empty; 12];
        (row[1], row[11]) = (Cell::text("TOTAL RON"), Cell::Number(total));
        sheet.rows.insert(HEADER + 7, row);
        read(sheet)
    };
    let report = with_total(sum);
    assert_eq!((report.invoices.len(), report.totals.len(), report.damaged.len()), (6, 1, 0));
    assert_eq!(checked(report), (vec![], vec![], Some(true)));
    let (unbalanced, ..) = checked(with_total(sum + dec("0.01")));
    assert!(unbalanced[0].starts_with("line 12: total of the invoices: stated "));
}

#[test]
fn a_deleted_row_is_told_with_its_place_and_a_sorted_report_lacks_none() {
    let mut deleted = sheet(&invented());
    deleted.rows.remove(HEADER + 3);
    let (unbalanced, warnings, adds_up) = checked(read(deleted));
    assert_eq!((unbalanced.len(), adds_up), (0, Some(false)));
    let told = "line 8: Nr. crt. 4 follows 2: a row may have been deleted; export the report again";
    assert_eq!(warnings, [told]);
    let mut sorted = sheet(&invented());
    sorted.rows.swap(HEADER + 1, HEADER + 4);
    assert_eq!(checked(read(sorted)), (vec![], vec![], Some(true)));
    let mut twice = sheet(&invented());
    twice.rows.extend(sheet(&invented()).rows);
    let report = read(twice);
    assert_eq!((report.invoices.len(), report.damaged.len()), (12, 0));
    assert_eq!(checked(report).1, [""; 0]);
}

#[test]
fn a_report_without_invoices_says_so() {
    let (unbalanced, warnings, adds_up) = checked(read(sheet(&[])));
    assert_eq!((unbalanced.len(), adds_up), (0, None));
    assert_eq!(warnings, ["line 6: the report has no invoices"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn columns_in_any_order_and_cells_of_other_types_read_the_same(
        order in Just((0..23).collect::<Vec<usize>>()).prop_shuffle(),
        types in 0..3_u8,
        form in 0..4_usize,
    ) {
        let sheet = sheet(&invented());
        let expected = read(sheet.clone());
        let changed = match types {
            0 => sheet,
            1 => typed(sheet),
            _ => as_texts(sheet),
        };
        let found = report(&every_form("x", &[moved(changed, HEADER, &order)])[form]);
        prop_assert_eq!((found.as_of, found.period), (expected.as_of, expected.period));
        let all = |report: &InvoiceReport| report.invoices.iter().map(said).collect::<Vec<_>>();
        prop_assert_eq!(all(&found), all(&expected));
        prop_assert_eq!((found.damaged.len(), found.row_numbers.len()), (0, 6));
        prop_assert_eq!(checked(found), (vec![], vec![], Some(true)));
    }
}
