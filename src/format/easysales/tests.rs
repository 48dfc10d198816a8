use proptest::prelude::*;

use super::*;
use crate::format::detect;
use crate::format::testing::{dec, every_form, moved, typed};
use crate::lab::orders::{self, Order as Invented};
use crate::lab::random::Random;
use crate::lab::workbook::{Cell, Sheet};
use crate::record::Order;

/// The places of the two headers that name both the order's and the product's.
const TWICE: [(usize, usize); 2] = [(9, 25), (10, 26)];

fn invented() -> Vec<Invented> {
    Invented::invent_many(6, "2026-04-01".parse().unwrap(), &mut Random::of(&[3]))
}

/// Returns an order of two products.
fn of_two() -> Invented {
    let mut order = invented().remove(0);
    order.products = vec![("A".into(), 2, dec("10.50")), ("B".into(), 1, dec("99.99"))];
    order
}

fn list(source: &Source) -> OrderList {
    assert_eq!(detect(source).unwrap().name(), "easysales");
    match EasySales.read(source).unwrap() {
        Document::Orders(list) => list,
        other => panic!("{other:?}"),
    }
}

fn read(sheet: Sheet) -> OrderList {
    let [source, ..] = every_form("comenzi.xlsx", &[sheet]);
    list(&source)
}

fn place(sheet: &Sheet, header: &str) -> usize {
    sheet.rows[0].iter().position(|it| *it == Cell::text(header)).unwrap()
}

/// Returns the rows of an order of two products, with another cell in the second.
fn with(header: &str, cell: Cell) -> Sheet {
    let mut sheet = orders::easysales(&[of_two()]);
    let place = place(&sheet, header);
    sheet.rows[2][place] = cell;
    sheet
}

fn said(order: &Order) -> String {
    let total = order.total.normalize();
    let mut order = Order { line: 0, total, raw: String::new(), ..order.clone() };
    for product in &mut order.products {
        (product.line, product.raw) = (0, String::new());
        product.unit_price = product.unit_price.map(|it| it.normalize());
        product.purchase_price = product.purchase_price.map(|it| it.normalize());
    }
    format!("{order:?}")
}

#[test]
fn the_rows_of_an_order_are_one_order_with_its_products_and_the_storno_is_no_invoice() {
    for source in every_form("comenzi.xlsx", &[orders::easysales(&[of_two()])]) {
        let list = list(&source);
        assert_eq!((list.line, list.orders.len(), list.damaged.len()), (2, 1, 0));
        assert_eq!(list.as_of.unwrap().to_string(), "2026-04-01 14:05:00");
        let order = &list.orders[0];
        assert_eq!((order.number.as_str(), order.total), ("3116500001", dec("120.99")));
        assert_eq!(order.invoice_series.as_deref(), Some("TST"));
        assert_eq!(order.invoice_number.as_deref(), Some("700"));
        assert_eq!(order.status.as_deref(), Some("Completed"));
        let product = &order.products[0];
        assert_eq!((product.sku.as_str(), product.quantity), ("A", dec("2")));
        assert_eq!(product.unit_price, Some(dec("10.50")));
        assert_eq!(product.purchase_price, Some(dec("3.5000")));
        assert_eq!(order.products[1].line, 3);
        assert_eq!(order.raw.lines().count(), 2);
    }
}

#[test]
fn the_rows_of_an_order_need_not_stand_together() {
    let (one, mut other) = (of_two(), of_two());
    other.number += 1;
    let mut sheet = orders::easysales(&[one, other]);
    sheet.rows.swap(2, 3);
    let list = read(sheet);
    let products: Vec<usize> = list.orders.iter().map(|it| it.products.len()).collect();
    assert_eq!((products, list.damaged.len()), (vec![2, 2], 0));
}

#[test]
fn what_a_further_row_leaves_empty_is_said_by_another() {
    let list = read(with("Valoarea totală Cu taxă", Cell::Empty));
    assert_eq!((list.orders[0].total, list.damaged.len()), (dec("120.99"), 0));
}

#[test]
fn rows_that_contradict_each_other_are_damaged_as_one_order() {
    for (header, cell) in [
        ("Valoarea totală Cu taxă", "121.00"),
        ("Status", "Canceled"),
        ("Numărul facturii", "701"),
        ("Data comenzii", "2026-04-02 08:00:00"),
    ] {
        let list = read(with(header, Cell::text(cell)));
        assert_eq!((list.orders.len(), list.damaged.len()), (0, 1), "{header}");
        let damaged = &list.damaged[0];
        let reason = damaged.reason.to_string();
        let told = format!("{header} is another one than in the rows from line 2 on");
        assert!(reason.starts_with(&told), "{reason}");
        assert_eq!((damaged.line, damaged.raw.lines().count()), (3, 2));
        assert_eq!(list.as_of, None);
    }
}

#[test]
fn another_parcel_of_an_order_contradicts_nothing() {
    let list = read(with("Număr AWB", Cell::text("777")));
    assert_eq!(list.orders[0].awb_number, Some(of_two().awb.to_string()));
    assert_eq!(
        list.warnings[0].to_string(),
        "line 2: an order has several AWBs; it is found by the first"
    );
}

#[test]
fn a_row_without_order_or_with_a_text_for_a_number_is_held() {
    let list = read(with("ID comandă", Cell::Empty));
    assert_eq!((list.orders.len(), list.damaged.len()), (1, 1));
    assert_eq!(list.damaged[0].reason.to_string(), "ID comandă is missing");
    let list = read(with("Cantitate", Cell::text("multe")));
    assert_eq!(list.damaged[0].reason.to_string(), "Cantitate \"multe\" is not an amount");
    assert_eq!(list.orders.len(), 0);
}

#[test]
fn a_price_that_cannot_be_read_is_left_out_with_a_warning() {
    let list = read(with("Preț", Cell::text("gratis")));
    assert_eq!(list.orders[0].products[1].unit_price, None);
    let told = "line 3: prices of products that cannot be read were left out: 1";
    assert_eq!(list.warnings[0].to_string(), told);
}

#[test]
fn a_list_without_products_has_orders_alone() {
    let mut sheet = orders::easysales(&invented());
    sheet.rows.iter_mut().for_each(|row| row.truncate(21));
    let list = read(sheet);
    assert_eq!(list.orders.len(), 6);
    assert!(list.orders.iter().all(|order| order.products.is_empty()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn columns_in_any_order_and_cells_of_other_types_read_the_same(
        mut order in Just((0..28).collect::<Vec<usize>>()).prop_shuffle(),
        is_typed in any::<bool>(),
        form in 0..4_usize,
    ) {
        let sheet = orders::easysales(&invented());
        // Of a header that stands twice the order's is the first.
        for (first, second) in TWICE {
            let at = |it| order.iter().position(|place| *place == it).unwrap();
            let (a, b) = (at(first), at(second));
            if a > b {
                order.swap(a, b);
            }
        }
        let expected = read(sheet.clone());
        let changed = moved(if is_typed { typed(sheet) } else { sheet }, 0, &order);
        let found = list(&every_form("x", &[changed])[form]);
        prop_assert_eq!(found.as_of, expected.as_of);
        let all = |list: &OrderList| list.orders.iter().map(said).collect::<Vec<_>>();
        prop_assert_eq!(all(&found), all(&expected));
    }
}
