use proptest::prelude::*;

use super::*;
use crate::format::detect;
use crate::format::testing::{dec, every_form, moved, typed};
use crate::lab::orders::{self, Order as Invented};
use crate::lab::random::Random;
use crate::lab::workbook::{Cell, Sheet};
use crate::record::Order;

fn invented() -> Vec<Invented> {
    Invented::invent_many(6, "2026-04-01".parse().unwrap(), &mut Random::of(&[7]))
}

fn list(source: &Source) -> OrderList {
    assert_eq!(detect(source).unwrap().name(), "gomag");
    match Gomag.read(source).unwrap() {
        Document::Orders(list) => list,
        other => panic!("{other:?}"),
    }
}

/// Reads the sheet as an xlsx.
fn read(sheet: Sheet) -> OrderList {
    let [source, ..] = every_form("comenzi.xlsx", &[sheet]);
    list(&source)
}

/// Returns a sheet of one order, with another cell under this header.
fn with(header: &str, cell: &str) -> Sheet {
    let mut sheet = orders::gomag(&invented()[..1]);
    let place = sheet.rows[0].iter().position(|it| *it == Cell::text(header)).unwrap();
    sheet.rows[1][place] = Cell::text(cell);
    sheet
}

fn said(order: &Order) -> String {
    let total = order.total.normalize();
    format!("{:?}", Order { line: 0, total, raw: String::new(), ..order.clone() })
}

#[test]
fn a_list_as_gomag_exports_it_is_read_whole_in_every_form_of_workbook() {
    let all = invented();
    for source in every_form("comenzi.xlsx", &[orders::gomag(&all)]) {
        let list = list(&source);
        assert_eq!((list.line, list.orders.len(), list.damaged.len()), (2, 6, 0));
        assert_eq!(list.as_of.unwrap().to_string(), "2026-04-02 14:05:00");
        let (order, invented) = (&list.orders[0], &all[0]);
        assert_eq!((order.line, order.number.as_str()), (2, "3116500001"));
        assert_eq!(order.total, invented.total());
        assert_eq!(order.ordered_at, Some(invented.placed));
        assert_eq!(order.awb_number, Some(invented.awb.to_string()));
        assert_eq!(order.invoice_series.as_deref(), Some("TST"));
        assert_eq!(order.invoice_number.as_deref(), Some("700"));
        assert_eq!(order.invoice_date, Some(invented.placed.date()));
        assert_eq!(order.client_name.as_deref(), Some(invented.client.as_str()));
        assert_eq!(order.currency.to_string(), "RON");
        assert!(order.raw.starts_with("1000\t3116500001\tTST\t700\t"), "{}", order.raw);
    }
}

#[test]
fn an_order_without_invoice_has_none_and_no_day_of_one() {
    let mut order = invented().remove(0);
    order.invoice = None;
    let list = read(orders::gomag(&[order.clone()]));
    let read = &list.orders[0];
    assert_eq!(
        (&read.invoice_series, &read.invoice_number, read.invoice_date),
        (&None, &None, None)
    );
    assert_eq!(list.as_of, Some(order.placed));
}

#[test]
fn an_order_without_a_number_is_held_and_gets_none_from_another_column() {
    let list = read(with("Numar Comanda", "0"));
    assert_eq!((list.orders.len(), list.damaged.len()), (0, 1));
    assert_eq!(list.damaged[0].reason.to_string(), "Numar Comanda is missing");
}

#[test]
fn a_parcels_number_loses_blanks_and_zeros_and_the_first_of_several_counts() {
    let awb = |cell: &str| {
        let list = read(with("AWB", cell));
        (list.orders[0].awb_number.clone(), list.warnings.len())
    };
    let found = |number: &str| Some(number.to_owned());
    assert_eq!(awb("0622 1117595"), (found("6221117595"), 0));
    assert_eq!(awb("0622 1117595, 6221117595"), (found("6221117595"), 0));
    assert_eq!(awb("6221117595; 6221117596"), (found("6221117595"), 1));
    assert_eq!(awb("-"), (None, 0));
}

#[test]
fn a_row_that_cannot_be_read_is_damaged_and_the_others_are_in() {
    let wrong = [
        ("Total Comanda", "zece", "Total Comanda \"zece\" is not an amount"),
        ("Data Comenzii", "ieri", "Data Comenzii \"ieri\" is not a date"),
        ("Data Comenzii", "2026-04-01 25:00", "Data Comenzii \"2026-04-01 25:00\" is not a date"),
    ];
    for (header, cell, reason) in wrong {
        let list = read(with(header, cell));
        assert_eq!((list.orders.len(), list.damaged.len(), list.damaged[0].line), (0, 1, 2));
        assert_eq!(list.damaged[0].reason.to_string(), reason);
        assert_eq!(list.as_of, None);
    }
}

#[test]
fn a_header_row_that_stands_again_is_no_order_and_says_where_the_columns_are_now() {
    let all = invented();
    let mut sheet = orders::gomag(&all[..2]);
    let order: Vec<usize> = (0..16).rev().collect();
    sheet.rows.extend(moved(orders::gomag(&all[2..]), 0, &order).rows);
    let list = read(sheet);
    let numbers: Vec<u64> = list.orders.iter().map(|it| it.number.parse().unwrap()).collect();
    assert_eq!(numbers, all.iter().map(|it| it.number).collect::<Vec<_>>());
    assert_eq!(list.damaged, []);
}

#[test]
fn sheets_and_rows_above_may_stand_before_the_header_row() {
    let mut sheet = orders::gomag(&invented());
    sheet.rows.splice(0..0, [vec![Cell::text("Comenzi aprilie")], Vec::new()]);
    let other = Sheet { name: "Note".to_owned(), rows: vec![vec![Cell::text("de verificat")]] };
    let [source, ..] = every_form("x.xlsx", &[other, sheet]);
    let list = list(&source);
    assert_eq!((list.line, list.orders.len()), (4, 6));
    assert_eq!(list.warnings[0].to_string(), "sheet 1 has no header row and was left out");
}

#[test]
fn a_total_has_no_more_digits_than_a_table_keeps() {
    assert_eq!(read(with("Total Comanda", "1.486,71")).orders[0].total, dec("1486.71"));
    assert_eq!(read(with("Total Comanda", "486,711")).damaged.len(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn columns_in_any_order_and_cells_of_other_types_read_the_same(
        order in Just((0..16).collect::<Vec<usize>>()).prop_shuffle(),
        is_typed in any::<bool>(),
        form in 0..4_usize,
    ) {
        let sheet = orders::gomag(&invented());
        let expected = read(sheet.clone());
        let changed = moved(if is_typed { typed(sheet) } else { sheet }, 0, &order);
        let found = list(&every_form("x", &[changed])[form]);
        prop_assert_eq!(found.as_of, expected.as_of);
        let all = |list: &OrderList| list.orders.iter().map(said).collect::<Vec<_>>();
        prop_assert_eq!(all(&found), all(&expected));
    }

    #[test]
    fn no_damage_to_a_workbook_makes_reading_panic(
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
        form in 2..4_usize,
    ) {
        let source = &every_form("x", &[orders::gomag(&invented()[..1])])[form];
        let mut bytes = source.bytes().to_vec();
        let place = at.index(bytes.len());
        bytes[place] = byte;
        let source = Source::new("x", None, bytes);
        let _ = (detect(&source).is_ok(), Gomag.read(&source).is_ok());
    }
}
