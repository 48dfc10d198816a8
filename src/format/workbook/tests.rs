use proptest::prelude::*;

use super::*;
use crate::format::detect;
use crate::format::testing::{every_form, named, sheet};
use crate::lab::workbook::{Cell, Sheet as LabSheet};
use crate::lab::xls::{self as lab, record};

fn source(bytes: Vec<u8>) -> Source {
    Source::new("a.xls", None, bytes)
}

/// Returns the rows of all sheets as texts.
fn texts(source: &Source) -> Vec<Vec<String>> {
    let sheets = all(source).unwrap();
    let rows = sheets.iter().flat_map(|sheet| &sheet.rows);
    rows.map(|row| row.values().map(|cell| text(cell).into_owned()).collect()).collect()
}

fn refused(source: &Source) -> String {
    all(source).unwrap_err().to_string()
}

fn of_rows(rows: Vec<Vec<Cell>>) -> LabSheet {
    LabSheet { name: "Foaie".to_owned(), rows }
}

/// Returns an xls with these records of one sheet; `version` is that of its workbook.
fn of_records(version: u16, before: &[(u16, &[u8])], cells: &[(u16, &[u8])]) -> Source {
    let mut out = Vec::new();
    let begin = |kind: u16| [version, kind, 0, 0].map(u16::to_le_bytes).concat();
    record(&mut out, 0x0809, &begin(5));
    before.iter().for_each(|(kind, body)| record(&mut out, *kind, body));
    let start = u32::try_from(out.len() + 4 + 8 + 4).unwrap();
    record(&mut out, 0x0085, &[&start.to_le_bytes()[..], &[0, 0, 1, 0]].concat());
    record(&mut out, 0x000a, &[]);
    record(&mut out, 0x0809, &begin(0x10));
    cells.iter().for_each(|(kind, body)| record(&mut out, *kind, body));
    record(&mut out, 0x000a, &[]);
    source(lab::compound(if version == 0x0500 { "Book" } else { "Workbook" }, out))
}

/// Returns the body of a cell: row, column, style and what it says.
fn cell(row: u16, column: u16, style: u16, value: &[u8]) -> Vec<u8> {
    [&[row, column, style].map(u16::to_le_bytes).concat(), value].concat()
}

#[test]
fn an_xls_reads_as_the_same_xlsx() {
    let day = "2026-04-01".parse().unwrap();
    let long = "ț".repeat(9000);
    let rows = vec![
        vec![Cell::text("Antet"), Cell::Empty, Cell::text("Țară")],
        Vec::new(),
        vec![Cell::Day(day), Cell::number(7), Cell::Text(long)],
    ];
    let [first, others @ ..] = every_form("a", &[of_rows(rows.clone()), of_rows(rows)]);
    let expected = texts(&first);
    assert_eq!((expected.len(), expected[1].len()), (4, 3));
    for other in others {
        assert_eq!(texts(&other), expected);
        let sheets = all(&other).unwrap();
        assert_eq!(sheets[1].rows[1].line, 3);
        assert!(matches!(sheets[0].rows[1].cells[0].1, Data::DateTime(_)));
    }
}

#[test]
fn every_kind_of_cell_is_read() {
    let number = |number: f64| number.to_le_bytes();
    let whole = (12_i32 << 2 | 2).to_le_bytes();
    let hundredths = (-1250_i32 << 2 | 3).to_le_bytes();
    let formula = |result: [u8; 8]| [&result[..], &[0; 6], b"anything"].concat();
    let records: [(u16, Vec<u8>); 9] = [
        (0x0203, cell(0, 0, 0, &number(486.71))),
        (0x027e, cell(0, 1, 0, &whole)),
        (0x027e, cell(0, 2, 0, &hundredths)),
        (0x00bd, [&cell(1, 0, 0, &whole)[..], &[0, 0], &whole, &[1, 0]].concat()),
        (0x0205, cell(1, 2, 0, &[1, 0])),
        (0x0006, cell(2, 0, 0, &formula(number(2.5)))),
        (0x0006, cell(2, 1, 0, &formula([0, 0, 0, 0, 0, 0, 0xff, 0xff]))),
        (0x0207, vec![3, 0, 0, b'A', b'B', b'C']),
        (0x0205, cell(2, 2, 0, &[7, 1])),
    ];
    let records: Vec<(u16, &[u8])> =
        records.iter().map(|(kind, body)| (*kind, &body[..])).collect();
    let found = texts(&of_records(0x0600, &[], &records));
    assert_eq!(
        found,
        [vec!["486.71", "12", "-12.5"], vec!["12", "12", "true"], vec!["2.5", "ABC", "#VALUE!"]]
    );
}

#[test]
fn a_workbook_of_excel_5_is_read_in_its_code_page() {
    let page = 1250_u16.to_le_bytes();
    let text = cell(0, 0, 0, &[4, 0, 0xde, b'a', b'r', 0xe3]);
    let found = of_records(0x0500, &[(0x0042, &page)], &[(0x0204, &text)]);
    assert_eq!(texts(&found), [["Ţară"]]);
    let other = 866_u16.to_le_bytes();
    let told = refused(&of_records(0x0500, &[(0x0042, &other)], &[(0x0204, &text)]));
    assert!(told.ends_with("its texts are in code page 866; save it as .xlsx"), "{told}");
    let told = refused(&of_records(0x0400, &[], &[]));
    assert!(told.ends_with("it is of a version before Excel 5; save it as .xlsx"), "{told}");
}

#[test]
fn a_workbook_with_a_password_is_told_as_that() {
    let locked = of_records(0x0600, &[(0x002f, &[1, 0, 1, 0])], &[]);
    let packed = source(lab::compound("EncryptedPackage", vec![7; 5000]));
    for source in [locked, packed] {
        let refusal = detect(&source).map(|format| format.name()).unwrap_err();
        assert_eq!(refusal.understood_as(), Some("an Office document with a password"));
        assert!(refusal.advice().contains("save it without the password"));
    }
}

#[test]
fn a_workbook_that_is_cut_off_is_told_as_that() {
    let rows = (0..400).map(|n| vec![Cell::text(format!("rând {n}"))]).collect();
    let whole = lab::write(&[of_rows(rows)], true);
    assert_eq!(texts(&source(whole.clone())).len(), 400);
    for length in [600, 5000, whole.len() / 2, whole.len() - 1500] {
        let cut = source(whole[..length].to_vec());
        assert!(all(&cut).is_err(), "{length}");
        let told = detect(&cut).map(|format| format.name()).unwrap_err().to_string();
        assert!(told.contains("cut off or damaged"), "{length}: {told}");
    }
}

#[test]
fn sectors_that_go_round_in_a_circle_end() {
    let mut bytes = lab::write(&[of_rows(vec![vec![Cell::text("a"); 3]; 300])], false);
    // The table of the next sectors is the last sector; each now names the first.
    let table = bytes.len() - 512;
    bytes[table..].chunks_mut(4).for_each(|next| next.copy_from_slice(&[0; 4]));
    assert!(all(&source(bytes)).is_err());
}

#[test]
fn two_cells_in_opposite_corners_take_no_rectangle_of_memory() {
    let corner = cell(u16::MAX, u16::MAX, 0, &1.0_f64.to_le_bytes());
    let first = cell(0, 0, 0, &1.0_f64.to_le_bytes());
    let declared = [&[0; 4][..], &[0xff; 10]].concat();
    let records: [(u16, &[u8]); 3] = [(0x0200, &declared), (0x0203, &first), (0x0203, &corner)];
    let sheets = all(&of_records(0x0600, &[], &records)).unwrap();
    assert_eq!(sheets[0].rows.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 65_536]);
}

#[test]
fn one_text_in_many_cells_counts_as_often_as_it_is_shown() {
    let [_, xlsx, _, xls] = every_form("a", &[of_rows(vec![vec![Cell::text("0123456789"); 20]])]);
    let room = |text| Room { cells: 20, text };
    assert!(xlsx::all(xlsx.bytes(), &mut room(200)).is_ok());
    assert!(xls::all(xls.bytes(), &mut room(200)).is_ok());
    let told = [
        xlsx::all(xlsx.bytes(), &mut room(199)).unwrap_err(),
        xls::all(xls.bytes(), &mut room(199)).unwrap_err(),
    ];
    assert_eq!(told, ["sheet 1: too much text"; 2]);
}

#[test]
fn a_sheet_of_a_million_empty_rows_has_the_rows_that_say_something() {
    let mut rows: String = (1..=1_048_576).map(|n| format!(r#"<x:row r="{n}"/>"#)).collect();
    rows.push_str("</x:sheetData>");
    let xml = sheet(&[(1, &["s:Antet"])]).replace("</x:sheetData>", &rows);
    let source = named("a.xlsx", &[xml]);
    assert_eq!(texts(&source), [["Antet"]]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_records_make_reading_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..600),
        kinds in proptest::collection::vec(
            (prop::sample::select(vec![
                0x0006_u16, 0x0207, 0x0203, 0x027e, 0x00bd, 0x00fd, 0x0204, 0x00d6, 0x0205, 0x0809, 0x000a,
                0x003c, 0x00fc, 0x041e, 0x0085, 0x0042,
            ]), proptest::collection::vec(any::<u8>(), 0..20)),
            0..12,
        ),
    ) {
        let records: Vec<(u16, &[u8])> = kinds.iter().map(|(kind, body)| (*kind, &body[..])).collect();
        for version in [0x0600, 0x0500] {
            let _ = all(&of_records(version, &records, &[]));
            let _ = all(&of_records(version, &[], &records));
        }
        let raw = source(lab::compound("Workbook", bytes.clone()));
        let start = source([b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &bytes].concat());
        for source in [raw, start] {
            let _ = (all(&source).is_ok(), first_rows(&source).len(), in_compound(source.bytes()));
        }
    }
}

#[test]
fn a_table_of_sectors_that_goes_round_in_a_circle_ends() {
    // The header says that the table goes on in sector 0, and all that the file has of that sector says so
    // again.
    let mut bytes = vec![0_u8; 516];
    bytes[..8].copy_from_slice(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]);
    bytes[30] = 9;
    bytes[76..512].fill(0xFF);
    let source = Source::new("circle.xls", None, bytes);
    assert!(first_rows(&source).is_empty());
    assert!(all(&source).is_err());
}
