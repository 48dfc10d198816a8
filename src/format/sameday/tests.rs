use proptest::prelude::*;
use rust_decimal::Decimal;

use super::*;
use crate::format::detect;
use crate::format::testing::{Cells, dec, named, sheet, workbook};
use crate::record::Reason;

const NAME: &str = "2025-08-01-firma-noua-s r l-ramburs-de-transferat-ron.xlsx";

const CLIENT: [Cells<'static>; 2] = [
    &[
        "i:Nume client / companie",
        "i:Brand",
        "i:Banca",
        "i:IBAN",
        "i:Suma totala",
        "i:Perioada export",
    ],
    &[
        "i:FIRMA NOUA SRL",
        "i:Firma Noua",
        "i:BANCA TRANSILVANIA",
        "i:RO27 BTRL RONC RT01 4427 2509",
        "n:300.5",
        "i:30 Jul 2025 - 31 Jul 2025",
    ],
];

const HEADERS: Cells<'static> = &[
    "i:AWB",
    "i:Nume destinatar",
    "i:Judet destinatar",
    "i:Oras destinatar",
    "i:Adresa destinatar",
    "i:Adresa ridicare",
    "i:Referinta client",
    "i:Suma ramburs",
    "i:Data",
    "i:Data colectare ramburs",
    "i:Numar colete livrate",
];

const PARCEL: Cells<'static> = &[
    "i:1ONBLN528479440001",
    "i:Ana Mostră",
    "i:Brasov",
    "i:Fagaras",
    "i:Str. Fictiva 1",
    "i:Depozit",
    "i:COMANDA 3116000001",
    "n:300.5",
    "i:2025-07-29",
    "i:2025-07-30",
    "n:1",
];

fn numbered(rows: &[Cells<'_>]) -> String {
    let rows: Vec<(u32, Cells<'_>)> = (1..).zip(rows.iter().copied()).collect();
    sheet(&rows)
}

/// Returns the two sheets as Sameday writes them, with these rows below the headers of the parcels.
fn sheets(parcels: &[Cells<'_>]) -> [String; 2] {
    let parcels = [&[HEADERS], parcels].concat();
    [numbered(&CLIENT), numbered(&parcels)]
}

fn read(sheets: &[String]) -> Result<Borderou, Refusal> {
    let source = named(NAME, sheets);
    assert_eq!(detect(&source).unwrap().name(), "sameday");
    match Sameday.read(&source)? {
        Document::Borderouri(mut borderouri) => Ok(borderouri.remove(0)),
        other => panic!("{other:?}"),
    }
}

fn refused(sheets: &[String]) -> String {
    read(sheets).unwrap_err().to_string()
}

#[test]
fn a_borderou_as_sameday_sends_it_is_read_whole() {
    let borderou = read(&sheets(&[PARCEL])).unwrap();

    assert_eq!(
        (borderou.courier, borderou.date.to_string().as_str()),
        (Courier::Sameday, "2025-08-01")
    );
    let period = borderou.period.map(|(from, to)| format!("{from} {to}"));
    assert_eq!(period.as_deref(), Some("2025-07-30 2025-07-31"));
    assert_eq!(borderou.account, "RO27BTRLRONCRT0144272509");
    assert_eq!(borderou.client_name.as_deref(), Some("FIRMA NOUA SRL"));
    assert_eq!((borderou.currency, borderou.total), (Currency::RON, Some((2, dec("300.5")))));
    assert_eq!((borderou.line, borderou.parcels.len(), borderou.damaged.len()), (2, 1, 0));
    let parcel = &borderou.parcels[0];
    assert_eq!((parcel.line, parcel.number.as_str()), (2, "1ONBLN528479440001"));
    assert_eq!(parcel.amount, dec("300.5"));
    assert_eq!(parcel.cod_reference.as_deref(), Some("COMANDA 3116000001"));
    assert_eq!(parcel.delivery_date.unwrap().to_string(), "2025-07-30");
    assert_eq!(parcel.recipient_name.as_deref(), Some("Ana Mostră"));
    assert_eq!(parcel.recipient_county.as_deref(), Some("Brasov"));
    assert_eq!(parcel.recipient_address.as_deref(), Some("Str. Fictiva 1, Fagaras, Brasov"));
    assert!(parcel.raw.starts_with("1ONBLN528479440001\tAna Mostră\tBrasov"));
}

#[test]
fn sheets_and_columns_may_move_and_cells_may_have_other_types() {
    let client: [Cells<'_>; 3] = [
        &["s:Verificat"],
        &["s:Perioadă export", "s:Ceva nou", "s:SUMA  TOTALA", "s:iban"],
        &["s:30.07.2025 - 31.07.2025", "", "s:1.300,50", "s:RO27BTRLRONCRT0144272509"],
    ];
    let parcels: [Cells<'_>; 3] = [
        &["s:Data colectare ramburs", "s:Suma ramburs", "", "s:AWB"],
        &["t:45868.5", "s:1.000,50", "", "s: 1ONBLN1 "],
        &["d:2025-07-31", "s:300", "", "n:4420000001"],
    ];
    let borderou = read(&[numbered(&parcels), numbered(&client)]).unwrap();

    let read = borderou.parcels.iter().map(|it| (it.number.as_str(), it.amount));
    assert_eq!(read.collect::<Vec<_>>(), [("1ONBLN1", dec("1000.5")), ("4420000001", dec("300"))]);
    let days: Vec<_> = borderou.parcels.iter().map(|it| it.delivery_date.unwrap()).collect();
    assert_eq!(format!("{days:?}"), "[2025-07-30, 2025-07-31]");
    assert_eq!(borderou.total, Some((3, dec("1300.5"))));
    assert_eq!(borderou.parcels[0].recipient_address, None);
}

#[test]
fn both_tables_may_stand_on_one_sheet() {
    let rows = [CLIENT[0], CLIENT[1], HEADERS, PARCEL];
    let borderou = read(&[numbered(&rows)]).unwrap();
    assert_eq!((borderou.line, borderou.parcels.len()), (4, 1));
    assert_eq!(borderou.total.unwrap().1, borderou.parcels[0].amount);
}

#[test]
fn an_order_that_the_shop_did_not_state_is_none() {
    let mut parcel = PARCEL.to_vec();
    parcel[6] = "i:Nicio referință";
    assert_eq!(read(&sheets(&[&parcel])).unwrap().parcels[0].cod_reference, None);
}

#[test]
fn a_row_that_is_no_parcel_is_damaged_and_none_is_left_out() {
    let with = |column: usize, cell: &'static str| {
        let mut parcel = PARCEL.to_vec();
        parcel[column] = cell;
        parcel
    };
    let rows = [with(0, ""), with(0, "i:1ON-2"), with(7, ""), with(7, "i:zece"), with(9, "i:ieri")];
    let rows: Vec<Cells<'_>> = rows.iter().map(Vec::as_slice).collect();

    let damaged = read(&sheets(&rows)).unwrap().damaged;

    let told: Vec<String> = damaged.iter().map(|it| format!("{} {}", it.line, it.reason)).collect();
    assert_eq!(
        told,
        [
            "2 AWB is missing",
            "3 an AWB with other signs than letters and digits, expected the number of a parcel",
            "4 Suma ramburs is missing",
            "5 Suma ramburs \"zece\" is not an amount",
            "6 Data colectare ramburs \"ieri\" is not a date",
        ]
    );
    assert_eq!(damaged[0].reason, Reason::Missing { field: "AWB" });
}

#[test]
fn a_file_without_one_of_its_tables_or_its_days_is_refused_with_what_is_missing() {
    let [client, parcels] = sheets(&[PARCEL]);
    let no_client = "no header row with IBAN, Suma totala and Perioada export";
    assert_eq!(refused(std::slice::from_ref(&parcels)), no_client);
    let no_parcels = "no header row with AWB, Suma ramburs and Data colectare ramburs";
    assert_eq!(refused(std::slice::from_ref(&client)), no_parcels);
    let headers_alone = [numbered(&CLIENT[..1]), parcels.clone()];
    assert_eq!(refused(&headers_alone), "line 1: no row below the headers IBAN and Suma totala");
    let other_days = [client.replace("30 Jul 2025 - 31 Jul 2025", "iulie"), parcels.clone()];
    assert_eq!(
        refused(&other_days),
        "line 2: Perioada export \"iulie\", expected days such as 30 Jul 2025 - 31 Jul 2025"
    );
    let two = numbered(&[CLIENT[0], CLIENT[1], CLIENT[1]]);
    let told = refused(&[two, parcels]);
    assert_eq!(told, "line 3: a second client, expected one account that is paid");
}

#[test]
fn the_currency_is_that_of_the_name_and_lei_under_another_name() {
    assert_eq!(currency("2025-08-01-x-ramburs-de-transferat-eur (1).xlsx").as_str(), "EUR");
    for name in [NAME, "lista.xlsx", "transferat-", "transferat-ro\u{219}"] {
        assert_eq!(currency(name), Currency::RON, "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_reading_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        for start in [b"".as_slice(), b"PK\x03\x04"] {
            let source = Source::new("any", None, [start, &bytes].concat());
            let _ = (Sameday.recognise(&source), Sameday.read(&source).is_ok());
        }
    }

    #[test]
    fn no_damage_to_a_sheet_makes_reading_panic(
        at in any::<prop::sample::Index>(),
        byte in 1..127_u8,
        in_client in any::<bool>(),
    ) {
        let mut sheets = sheets(&[PARCEL]);
        let damaged = &mut sheets[usize::from(!in_client)];
        let mut bytes = std::mem::take(damaged).into_bytes();
        let place = at.index(bytes.len());
        bytes[place] = byte;
        *damaged = String::from_utf8_lossy(&bytes).into_owned();
        let source = Source::new("any", None, workbook(&sheets, ""));
        let _ = (Sameday.recognise(&source), Sameday.read(&source).is_ok());
    }

    #[test]
    fn any_parcels_are_read_as_they_were_written(bani in proptest::collection::vec(0..10_000_000_i64, 1..20)) {
        let amounts: Vec<Decimal> = bani.iter().map(|bani| Decimal::new(*bani, 2)).collect();
        let cells: Vec<[String; 2]> = (1..).zip(&amounts)
            .map(|(number, amount): (u32, _)| [format!("i:1ONBLN{number}"), format!("n:{amount}")])
            .collect();
        let rows: Vec<Vec<&str>> = cells.iter()
            .map(|[awb, amount]| [&[awb.as_str()], &PARCEL[1..7], &[amount.as_str()], &PARCEL[8..]].concat())
            .collect();
        let rows: Vec<Cells<'_>> = rows.iter().map(Vec::as_slice).collect();

        let borderou = read(&sheets(&rows)).unwrap();

        let read: Vec<Decimal> = borderou.parcels.iter().map(|it| it.amount).collect();
        prop_assert_eq!(read, amounts);
    }
}
