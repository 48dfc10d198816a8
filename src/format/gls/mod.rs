//! GLS Romania's borderouri: the parcels whose cash one transfer pays, as a workbook (xlsx).
//!
//! GLS mails a workbook each working day, with one sheet, `Daily`. Each sheet that has a header row
//! is read as a borderou of its own. Rows and columns are found by their texts, never by their
//! numbers.

mod address;
mod export;
mod header;
mod number;
mod parcels;
#[cfg(test)]
mod testing;

use super::Format;
use super::workbook::{self, Sheet, SheetRow};
use crate::fault::Refusal;
use crate::record::export::HeldImport;
use crate::record::{Borderou, Courier, Currency, Document, Warning};
use crate::source::Source;
use crate::value::normalize;
use header::Header;
use parcels::Table;

/// The format of GLS borderouri.
#[derive(Debug)]
pub struct Gls;

impl Format for Gls {
    fn name(&self) -> &'static str {
        "gls"
    }

    fn word(&self) -> &'static str {
        "borderou"
    }

    fn export(&self) -> &'static str {
        "xlsx (GLS borderouri)"
    }

    fn recognise(&self, source: &Source) -> bool {
        workbook::first_rows(source)
            .iter()
            .any(|row| has_sender(row) || header::Columns::of(row).is_some())
    }

    fn export_held(&self, import: &HeldImport) -> Option<(&'static str, Vec<u8>)> {
        Some(("xlsx", export::workbook(import)?.ok()?))
    }

    fn read<'s>(&self, source: &'s Source) -> Result<Document<'s>, Refusal> {
        let name = FileName::of(source.file_name());
        let mut borderouri = Vec::new();
        let mut warnings = Vec::new();
        for (index, sheet) in workbook::all(source)?.iter().enumerate() {
            match Header::of(sheet)? {
                Some(header) => borderouri.push(borderou(sheet, header, &name)?),
                None if sheet.rows.is_empty() => {}
                None => warnings.push(Warning {
                    line: None,
                    text: format!("sheet {} has no header row and was left out", index + 1),
                }),
            }
        }
        let Some(first) = borderouri.first_mut() else {
            return Err(Refusal::Unreadable {
                line: None,
                reason: "no header row, expected one with Număr colet and Sumă ramburs".to_owned(),
            });
        };
        first.warnings = warnings;
        Ok(Document::Borderouri(borderouri))
    }
}

/// How GLS names itself above its lists, in every country.
pub(super) const SENDER: &str = "gls general logistics systems";

/// Countries whose lists of GLS are not read, as GLS writes them behind its name.
const ELSEWHERE: [&str; 10] = [
    "hungary", "czech", "slovak", "sloveni", "croatia", "hrvatska", "serbia", "germany", "austria",
    "poland",
];

/// Returns whether the text, without diacritics and in lower case, is the name of GLS in another
/// country, whose lists are in another language.
pub(super) fn is_of_another_country(text: &str) -> bool {
    text.strip_prefix(SENDER).is_some_and(|rest| ELSEWHERE.iter().any(|it| rest.contains(it)))
}

fn has_sender(row: &SheetRow) -> bool {
    let mut texts = row.values().map(|cell| normalize::plain(&workbook::text(cell)));
    texts.any(|text| text.starts_with(SENDER) && !is_of_another_country(&text))
}

fn borderou(sheet: &Sheet, header: Header, name: &FileName) -> Result<Borderou, Refusal> {
    let below = sheet.rows.partition_point(|row| row.line <= header.line);
    let rows = sheet.rows.get(below..).unwrap_or_default();
    let table = Table::of(rows, &header.columns, sheet.is_1904, name.currency);
    let table = table.ok_or_else(|| {
        let reason = "no currency in the rows below nor in the file's name";
        Refusal::unreadable(header.line, reason)
    })?;
    Ok(Borderou {
        line: header.line.saturating_add(1),
        courier: Courier::Gls,
        date: header.date,
        period: None,
        client_name: header.client_name,
        client_number: name.client_number.clone(),
        account: header.account,
        currency: table.currency,
        total: table.total,
        parcels: table.parcels,
        damaged: table.damaged,
        warnings: Vec::new(),
    })
}

/// What the name of a GLS file says: `553000676_RON_01082025.xlsx` has the client's number, the
/// currency and the day.
#[derive(Debug, Default)]
struct FileName {
    client_number: Option<String>,
    currency: Option<Currency>,
}

impl FileName {
    /// Reads the name. A name of another form says nothing, which is no error.
    fn of(name: &str) -> Self {
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let mut parts = name.splitn(3, '_');
        let (Some(number), Some(code), Some(rest)) = (parts.next(), parts.next(), parts.next())
        else {
            return Self::default();
        };
        match Currency::new(code) {
            Some(currency) if digits(number) && rest.get(..8).is_some_and(digits) => {
                Self { client_number: Some(number.to_owned()), currency: Some(currency) }
            }
            _ => Self::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::testing::{ABOVE, HEADERS, daily, source};
    use super::*;
    use crate::format::detect;
    use crate::format::testing::{dec, named, sheet, workbook};
    use crate::record::Reason;
    use crate::source::Sources;

    const TOTAL: &[&str] = &["", "", "", "", "n:273.78", "s:RON"];
    const PARCEL: &[&str] = &[
        "n:90641001",
        "n:6235391001",
        "s:3115391001",
        "d:2025-07-31",
        "n:273.78",
        "s:RON",
        "s:Mihai Mostră RO-807320 Valea Mărului Str. Fictiva 27",
    ];

    fn borderouri(source: &Source) -> Vec<Borderou> {
        match Gls.read(source).unwrap() {
            Document::Borderouri(borderouri) => borderouri,
            other => panic!("{other:?}"),
        }
    }

    fn one(sheet: &str) -> Borderou {
        let source = source(sheet);
        assert!(Gls.recognise(&source));
        let mut all = borderouri(&source);
        assert_eq!(all.len(), 1);
        all.remove(0)
    }

    fn unreadable(sheet: &str) -> String {
        Gls.read(&source(sheet)).unwrap_err().to_string()
    }

    #[test]
    fn a_borderou_as_gls_mails_it_is_read_whole() {
        let bytes = include_bytes!("../../../fixtures/gls/553000101_RON_02032026.xlsx");
        let name = "mails/553000101_RON_02032026.xlsx";
        let mut sources = Sources::of_bytes(name, bytes.to_vec()).unwrap();
        let source = sources.next().unwrap().unwrap();

        assert_eq!(detect(&source).unwrap().name(), "gls");
        let borderou = borderouri(&source).remove(0);

        assert_eq!(borderou.date.to_string(), "2026-03-02");
        assert_eq!(borderou.account, "RO27BTRLRONCRT0144272509");
        assert_eq!(borderou.client_name.as_deref(), Some("FIRMA NOUA SRL"));
        assert_eq!(borderou.client_number.as_deref(), Some("553000101"));
        assert_eq!(borderou.currency, Currency::RON);
        assert_eq!(borderou.total, Some((15, dec("2067.85"))));
        assert_eq!((borderou.line, borderou.parcels.len()), (9, 6));
        assert!(borderou.damaged.is_empty() && borderou.warnings.is_empty());
        let sum: rust_decimal::Decimal = borderou.parcels.iter().map(|it| it.amount).sum();
        assert_eq!(sum, dec("2067.85"));
        let fourth = &borderou.parcels[3];
        assert_eq!((fourth.line, fourth.number.as_str()), (12, "6235391004"));
        assert_eq!(fourth.reference.as_deref(), Some("90641004"));
        assert_eq!(fourth.cod_reference, None);
        assert_eq!(fourth.delivery_date.unwrap().to_string(), "2026-02-28");
        assert_eq!(fourth.recipient_name.as_deref(), Some("Mihai Șablon"));
        assert_eq!(fourth.recipient_city.as_deref(), Some("București"));
        assert!(fourth.raw.starts_with("90641004\t6235391004\t\t2026-02-28\t450.68\tRON\tMihai"));
    }

    #[test]
    fn a_borderou_of_another_courier_is_not_claimed() {
        let bytes = include_bytes!(
            "../../../fixtures/sameday/2026-03-04-firma-noua-s r l-ramburs-de-transferat-ron.xlsx"
        );
        let source = Source::new("sameday.xlsx", None, bytes.to_vec());
        assert!(!Gls.recognise(&source));
    }

    #[test]
    fn a_workbook_cut_short_is_refused_when_it_is_opened() {
        let mut bytes = workbook(&[daily(&[PARCEL, TOTAL])], "");
        bytes.truncate(bytes.len() - 40);

        let refusal = Sources::of_bytes("a.xlsx", bytes).unwrap_err();

        assert_eq!(refusal.kind(), "archive");
    }

    #[test]
    fn a_sheet_cut_short_is_claimed_by_what_stands_before_and_refused() {
        let sheet = daily(&[PARCEL, TOTAL]);
        let cut = source(&sheet[..sheet.len() - 60]);

        assert!(Gls.recognise(&cut));
        assert_eq!(Gls.read(&cut).unwrap_err().kind(), "archive");
    }

    #[test]
    fn columns_may_move_and_older_files_write_no_diacritics() {
        let headers: &[&str] = &[
            "s:Ceva nou",
            "i:SUMA  RAMBURS ",
            "",
            "s:Postal Address",
            "s:Numar colet",
            "s:Suma  asigurata",
        ];
        let parcel: &[&str] = &["s:x", "s:1.273,78", "s:RON", "s:Ana RO-500010 Brașov", "s:0042.0"];
        let mut rows = ABOVE.to_vec();
        rows.extend([(20, headers), (21, parcel), (25, &["", "s:1273,78", "s:RON"])]);

        let borderou = one(&sheet(&rows));

        let parcel = &borderou.parcels[0];
        assert_eq!((borderou.line, parcel.line), (21, 21));
        assert_eq!((parcel.number.as_str(), parcel.amount), ("42", dec("1273.78")));
        assert_eq!(parcel.recipient_name.as_deref(), Some("Ana"));
        assert_eq!(parcel.recipient_city, None);
        assert_eq!((parcel.delivery_date, &parcel.reference), (None, &None));
        assert_eq!(borderou.total, Some((25, dec("1273.78"))));
        assert!(borderou.damaged.is_empty());
    }

    #[test]
    fn each_sheet_with_a_header_row_is_a_borderou() {
        let sheets = [
            daily(&[PARCEL, TOTAL]),
            sheet(&[(1, &["s:notes"])]),
            sheet(&[]),
            daily(&[PARCEL, PARCEL, TOTAL]),
        ];
        let all = borderouri(&named("lista.xlsx", &sheets));

        assert_eq!(all.len(), 2);
        assert_eq!((all[0].parcels.len(), all[1].parcels.len()), (1, 2));
        assert_eq!(all[0].client_number, None);
        assert_eq!(all[0].warnings[0].text, "sheet 2 has no header row and was left out");
    }

    #[test]
    fn what_is_no_parcel_is_held_and_empty_rows_are_not() {
        let amount_only: &[&str] = &["", "", "", "", "n:1", "s:RON"];
        let no_amount: &[&str] = &["", "n:1", "", "", "s: ", "s:RON"];
        let euro: &[&str] = &["", "n:2", "", "", "n:1", "s:EUR"];
        let note: &[&str] = &["s:Va multumim"];
        let rows = [PARCEL, &["s: "], amount_only, no_amount, euro, PARCEL, TOTAL, note, PARCEL];

        let borderou = one(&daily(&rows));

        let held: Vec<_> = borderou.damaged.iter().map(|it| (it.line, &it.reason)).collect();
        let below = &Reason::Form {
            found: "a row below the total",
            expected: "the total to be the last row",
        };
        let missing = |field| Reason::Missing { field };
        assert_eq!(borderou.parcels.len(), 2);
        assert_eq!(borderou.total, Some((15, dec("273.78"))));
        assert_eq!(held[0], (11, &missing("Număr colet")));
        assert_eq!(held[1], (12, &missing("Sumă ramburs")));
        assert_eq!(held[2].1.to_string(), "another currency, expected the currency of the total");
        assert_eq!(held[3..], [(16, below), (17, below)]);
        assert_eq!(borderou.damaged[3].raw, "Va multumim\t\t\t\t\t\t");
    }

    #[test]
    fn a_borderou_without_total_says_so() {
        let borderou = one(&daily(&[PARCEL]));
        assert_eq!((borderou.total, borderou.parcels.len()), (None, 1));
    }

    #[test]
    fn a_file_without_account_day_or_headers_is_refused_with_what_is_missing() {
        let without = |row: usize| {
            let mut rows = ABOVE.to_vec();
            rows.remove(row);
            rows.push((8, HEADERS));
            unreadable(&sheet(&rows))
        };
        assert_eq!(without(2), "line 8: no row above the headers says Cont bancar nr.:");
        assert!(without(3).contains("Data transferarii banilor"));
        assert!(unreadable(&sheet(&ABOVE)).starts_with("no header row"));
    }

    #[test]
    fn labels_may_have_their_value_in_the_next_cell() {
        let rows: [(u32, &[&str]); 4] = [
            (1, &["s:Cont bancar nr.:", "s:RO27BTRLRONCRT0144272509"]),
            (2, &["s:Data transferarii banilor", "t:45870"]),
            (4, HEADERS),
            (5, PARCEL),
        ];
        let borderou = one(&sheet(&rows));
        assert_eq!(borderou.account, "RO27BTRLRONCRT0144272509");
        assert_eq!(borderou.date.to_string(), "2025-08-01");
    }

    #[test]
    fn dates_may_count_from_1904() {
        let parcel: &[&str] = &["", "n:1", "", "t:44408.5", "n:273.78", "s:RON"];
        let bytes = workbook(&[daily(&[parcel, TOTAL])], r#"date1904="1""#);
        let borderou = borderouri(&Source::new("a.xlsx", None, bytes)).remove(0);
        assert_eq!(borderou.parcels[0].delivery_date.unwrap().to_string(), "2025-08-01");
    }

    #[test]
    fn cells_in_opposite_corners_cost_no_memory() {
        let far =
            r#"<x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row></x:sheetData>"#;
        let borderou = one(&daily(&[PARCEL, TOTAL]).replace("</x:sheetData>", far));
        assert_eq!((borderou.parcels.len(), borderou.damaged.len()), (1, 1));
    }

    #[test]
    fn references_that_no_sheet_has_do_not_panic() {
        for reference in ["A99999999999", "ZZZZZZZZZ1", "A0", "1", ""] {
            let odd = format!(r#"<x:c r="{reference}"><x:v>1</x:v></x:c></x:row></x:sheetData>"#);
            let sheet = daily(&[PARCEL, TOTAL]).replace("</x:row></x:sheetData>", &odd);
            let _ = Gls.read(&source(&sheet));
        }
    }

    #[test]
    fn the_name_of_a_file_tells_client_and_currency() {
        let client = |name| FileName::of(name).client_number;
        assert_eq!(client("553000676_RON_01082025 (1).xlsx").as_deref(), Some("553000676"));
        for name in ["lista.xlsx", "_RON_01082025.xlsx", "5530_RONX_01082025.xlsx", "1_RON_1.xlsx"]
        {
            assert_eq!(client(name), None, "{name}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn no_bytes_make_reading_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            for start in [b"".as_slice(), b"PK\x03\x04"] {
                let source = Source::new("any", None, [start, &bytes].concat());
                let _ = (Gls.recognise(&source), Gls.read(&source).is_ok());
            }
        }

        #[test]
        fn no_damage_to_a_workbook_makes_reading_panic(
            at in any::<prop::sample::Index>(),
            byte in 1..127_u8,
            in_sheet in any::<bool>(),
        ) {
            let mut sheet = daily(&[PARCEL, TOTAL]).into_bytes();
            if in_sheet {
                let place = at.index(sheet.len());
                sheet[place] = byte;
            }
            let mut bytes = workbook(&[String::from_utf8_lossy(&sheet).into_owned()], "");
            if !in_sheet {
                let place = at.index(bytes.len());
                bytes[place] = byte;
            }
            let source = Source::new("any", None, bytes);
            let _ = (Gls.recognise(&source), Gls.read(&source).is_ok());
        }
    }
}
