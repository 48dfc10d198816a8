use proptest::prelude::*;

use super::*;
use crate::check::check;
use crate::format::detect;
use crate::format::testing::{Cells, dec, named, sheet, workbook};
use crate::record::{PayoutDocument, PayoutKind};
use crate::source::Source;

const FEES: &str = "firmanoua_dc_042026_1775093495_v1 (1).xlsx";

const ORDERS: [Cells<'static>; 3] = [
    &[
        "i:Payout date",
        "i:Reference period start",
        "i:Reference period end",
        "i:DP ID",
        "i:Seller",
        "i:Seller ID",
        "i:Order ID",
        "i:Fraction type",
        "i:Client name",
        "i:Order date",
        "i:Payment method",
        "i:Fraction value",
    ],
    &[
        "i:2026-04-02",
        "i:2026-03-16",
        "i:2026-03-31",
        "n:14000100",
        "i:FirmaNoua",
        "n:186001",
        "n:3116401145",
        "i:CO Cashing",
        "i:Ana Mostră",
        "i:2026-03-20 08:00:00",
        "i:Online CARD",
        "n:57.46",
    ],
    &[
        "t:46114",
        "i:2026-03-16",
        "i:2026-03-31",
        "n:14000100",
        "i:FirmaNoua",
        "n:186001",
        "n:3116401146",
        "i:Refund CO",
        "i:Ion Probă",
        "t:46101.5",
        "i:Online CARD",
        "i:-7,46",
    ],
];

const COMMISSION: [Cells<'static>; 4] = [
    &[
        "i:Luna",
        "i:Sheet ID",
        "i:Seller",
        "i:Seller ID",
        "i:ID comanda",
        "i:Nume client",
        "i:Data comanda",
        "i:Mod plata",
        "i:Cantitate",
        "i:Comision Net",
        "i:Valoare vouchere",
    ],
    &["i: ", "i: ", "i: ", "i: ", "i: ", "i: ", "i: ", "i: ", "i:TOTAL", "n:30.35", "n:-5.76"],
    &[
        "i:aprilie 2026",
        "n:22000000",
        "i:FirmaNoua",
        "n:186001",
        "n:31",
        "",
        "",
        "",
        "n:1",
        "i:10.10",
        "",
    ],
    &[
        "i:aprilie 2026",
        "n:22000000",
        "i:FirmaNoua",
        "n:186001",
        "n:32",
        "",
        "",
        "",
        "n:2",
        "i:20.25",
        "",
    ],
];

fn numbered(rows: &[Cells<'_>]) -> String {
    let rows: Vec<(u32, Cells<'_>)> = (1..).zip(rows.iter().copied()).collect();
    sheet(&rows)
}

fn read(name: &str, rows: &[Cells<'_>]) -> Result<PayoutDocument, Refusal> {
    let source = named(name, &[numbered(rows)]);
    assert_eq!(detect(&source).unwrap().name(), "emag");
    match Emag.read(&source)? {
        Document::Payout(document) => Ok(*document),
        other => panic!("{other:?}"),
    }
}

fn refused(name: &str, rows: &[Cells<'_>]) -> String {
    read(name, rows).unwrap_err().to_string()
}

/// Returns the rows with another cell in one place.
fn with<'c>(rows: &[Cells<'c>], row: usize, column: usize, cell: &'c str) -> Vec<Vec<&'c str>> {
    let mut rows: Vec<Vec<&str>> = rows.iter().map(|row| row.to_vec()).collect();
    rows[row][column] = cell;
    rows
}

fn borrowed<'r, 'c>(rows: &'r [Vec<&'c str>]) -> Vec<Cells<'r>>
where
    'c: 'r,
{
    rows.iter().map(Vec::as_slice).collect()
}

#[test]
fn a_list_of_orders_is_read_whole_under_any_name() {
    let document = read("plati.xlsx", &ORDERS).unwrap();

    assert_eq!((document.kind, document.document_id.as_str()), (PayoutKind::Orders, "14000100"));
    assert_eq!((document.seller_id.as_str(), document.line), ("186001", 2));
    assert_eq!(document.made_on.to_string(), "2026-04-02");
    let period = document.period.map(|(from, to)| format!("{from} {to}"));
    assert_eq!(period.as_deref(), Some("2026-03-16 2026-03-31"));
    assert_eq!((document.month, document.total, document.vat_rate()), (None, None, None));
    let [first, second] = &document.lines[..] else { panic!("{document:?}") };
    assert_eq!(
        (first.order_id.as_deref(), first.kind.as_str()),
        (Some("3116401145"), "CO Cashing")
    );
    assert_eq!((first.amount, second.amount), (dec("57.46"), dec("-7.46")));
    assert_eq!(first.ordered_at.unwrap().to_string(), "2026-03-20 08:00:00");
    assert_eq!(second.ordered_at.unwrap().to_string(), "2026-03-20 12:00:00");
    assert_eq!((document.adds(), document.gross()), (dec("50"), dec("0")));
    assert_eq!(check(&Document::Payout(Box::new(document))).unwrap().adds_up(), None);
}

#[test]
fn a_document_of_fees_has_its_kind_and_its_day_from_the_name() {
    let document = read(FEES, &COMMISSION).unwrap();

    assert_eq!(
        (document.kind, document.document_id.as_str()),
        (PayoutKind::Commission, "22000000")
    );
    assert_eq!(document.made_on.to_string(), "2026-04-02");
    assert_eq!(document.month.unwrap().to_string(), "2026-04-01");
    assert_eq!((document.lines.len(), document.damaged.len()), (2, 0));
    assert_eq!((document.lines[0].kind.as_str(), document.lines[1].line), ("dc", 4));
    assert_eq!((document.net(), document.vouchers()), (dec("30.35"), dec("-5.76")));
    // 30.35 × 1.21 = 36.7235
    assert_eq!((document.gross(), document.adds()), (dec("36.72"), dec("-30.96")));
    assert_eq!(check(&Document::Payout(Box::new(document))).unwrap().adds_up(), Some(true));

    for (name, kind) in [("dccd", PayoutKind::CancelledDelivery), ("dcs", PayoutKind::Reversed)] {
        let name = FEES.replace("_dc_", &format!("_{name}_"));
        assert_eq!(read(&name, &COMMISSION).unwrap().kind, kind);
    }
}

#[test]
fn each_document_is_rounded_by_itself_half_up_and_below_zero_too() {
    for (total, gross) in [("n:12.5", "15.13"), ("n:-12.5", "-15.13"), ("n:0", "0.00")] {
        let rows = with(&COMMISSION, 1, 9, total);
        assert_eq!(read(FEES, &borrowed(&rows)).unwrap().gross(), dec(gross));
    }
}

#[test]
fn fees_to_july_2025_have_another_vat_rate() {
    for (month, rate) in [("i:iulie 2025", "19"), ("i:august 2025", "21"), ("t:45839", "19")] {
        let first = with(&COMMISSION, 2, 0, month);
        let rows = with(&borrowed(&first), 3, 0, month);
        assert_eq!(read(FEES, &borrowed(&rows)).unwrap().vat_rate(), Some(dec(rate)), "{month}");
    }
    let both = with(&COMMISSION, 3, 0, "i:iulie 2025");
    let told = "line 4: another VAT rate (by Luna) than in line 3, expected one document";
    assert_eq!(refused(FEES, &borrowed(&both)), told);
}

#[test]
fn the_month_of_the_name_counts_where_no_line_states_one() {
    let rows: Vec<Cells<'_>> = COMMISSION.iter().map(|row| &row[1..]).collect();
    let document = read(&FEES.replace("_042026_", "_072025_"), &rows).unwrap();
    assert_eq!(
        (document.month.unwrap().to_string().as_str(), document.vat_rate()),
        ("2025-07-01", Some(dec("19")))
    );
}

#[test]
fn a_document_of_fees_with_another_name_is_refused_with_what_to_do() {
    let told = refused("comision aprilie.xlsx", &COMMISSION);
    assert!(told.starts_with("line 1: only the file's name says which document it is"), "{told}");
    assert!(told.ends_with("such as SELLER_dc_042026_1775093495_v1.xlsx"), "{told}");
    // The columns of a commission are none of deliveries.
    assert!(refused(&FEES.replace("_dc_", "_ded_"), &COMMISSION).contains("which document it is"));
}

#[test]
fn deliveries_have_the_sellers_number_under_the_other_header() {
    let rows: [Cells<'_>; 3] = [
        &[
            "i:Luna",
            "i:Sheet ID",
            "i:Seller ID",
            "i:Seller",
            "i:ID comanda",
            "i:Cantitate",
            "i:Valoare produs",
        ],
        &["", "", "", "", "", "i:TOTAL", "n:6.38"],
        &["i:aprilie 2026", "n:22000000", "i:FirmaNoua", "n:186001", "", "n:1", "i:6.38"],
    ];
    let document = read(&FEES.replace("_dc_", "_ded_"), &rows).unwrap();
    assert_eq!((document.kind, document.seller_id.as_str()), (PayoutKind::Deliveries, "186001"));
    assert_eq!((document.gross(), document.lines[0].order_id.as_deref()), (dec("7.72"), None));
}

#[test]
fn a_charge_has_its_vat_and_lists_of_vouchers_are_not_counted() {
    let rows: [Cells<'_>; 3] = [
        &["i:Luna", "i:Sheet ID", "i:Seller", "i:Seller ID", "i:Cantitate", "i:Valoare vouchere"],
        &["", "", "", "", "i:TOTAL", "n:24.2"],
        &["i:aprilie 2026", "n:22000000", "i:FirmaNoua", "n:186001", "n:1", "i:24.20"],
    ];
    for (word, adds) in [("dy", "-24.20"), ("dv", "0"), ("dvs", "0")] {
        let document = read(&FEES.replace("_dc_", &format!("_{word}_")), &rows).unwrap();
        assert_eq!((document.kind.name(), document.adds()), (word, dec(adds)));
        assert_eq!((document.vouchers(), document.vat_rate()), (dec("24.2"), None));
    }
}

#[test]
fn lines_that_do_not_make_the_total_are_told_with_the_difference() {
    let unbalanced = |rows: &[Cells<'_>]| {
        let document = read(FEES, rows).unwrap();
        let findings = check(&Document::Payout(Box::new(document))).unwrap();
        findings.unbalanced.iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let without_a_line = unbalanced(&COMMISSION[..3]);
    assert_eq!(
        without_a_line,
        ["line 2: total of the lines: stated 30.35, computed 10.10, difference 20.25"]
    );
    let without_total = [COMMISSION[0], COMMISSION[2]];
    assert_eq!(unbalanced(&without_total), ["line 2: the document has no total row"]);
    let other_vouchers = with(&COMMISSION, 2, 10, "n:-5");
    assert_eq!(
        unbalanced(&borrowed(&other_vouchers)),
        [
            "line 2: total of the vouchers of the lines: stated -5.76, computed -5.00, difference -0.76"
        ]
    );
    let damaged = with(&COMMISSION, 3, 9, "i:zece");
    assert_eq!(unbalanced(&borrowed(&damaged)).len(), 2);
}

#[test]
fn a_line_that_sells_the_brand_total_is_no_total() {
    let sold = with(&COMMISSION, 2, 5, "i:TOTAL");
    let rows: [Cells<'_>; 3] = [&sold[0], &sold[2], &sold[3]];
    let document = read(FEES, &rows).unwrap();
    assert_eq!((document.total, document.lines.len()), (None, 2));
}

#[test]
fn two_documents_in_one_file_are_refused() {
    let sheet_id = with(&COMMISSION, 3, 1, "n:22000001");
    let told = "line 4: another Sheet ID than in line 3, expected one document";
    assert_eq!(refused(FEES, &borrowed(&sheet_id)), told);
    let seller = with(&ORDERS, 2, 5, "n:186002");
    let told = "line 3: another Seller ID than in line 2, expected one document";
    assert_eq!(refused(FEES, &borrowed(&seller)), told);
}

#[test]
fn a_document_that_lists_nothing_is_refused() {
    assert_eq!(
        refused(FEES, &COMMISSION[..2]),
        "line 1: no line below the headers states Sheet ID"
    );
    assert_eq!(refused(FEES, &ORDERS[..1]), "line 1: no line below the headers states DP ID");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_reading_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for start in [b"".as_slice(), b"PK\x03\x04"] {
            let source = Source::new(FEES, None, [start, &bytes].concat());
            let _ = (Emag.recognise(&source), Emag.read(&source).is_ok());
        }
    }

    #[test]
    fn no_damage_to_a_sheet_makes_reading_panic(
        at in any::<prop::sample::Index>(),
        byte in 1..127_u8,
        of_orders in any::<bool>(),
    ) {
        let sheet = if of_orders { numbered(&ORDERS) } else { numbered(&COMMISSION) };
        let mut bytes = sheet.into_bytes();
        let place = at.index(bytes.len());
        bytes[place] = byte;
        let sheet = String::from_utf8_lossy(&bytes).into_owned();
        let source = Source::new(FEES, None, workbook(&[sheet], ""));
        if let Ok(document) = Emag.read(&source) {
            let _ = (check(&document).is_ok(), document.summary());
        }
    }
}
