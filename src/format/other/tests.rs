use proptest::prelude::*;

use super::*;
use crate::format::testing::{named, sheet};
use crate::format::{by_name, detect};
use crate::source::testing::{stored, zip};

/// Returns what the content is said to be, and what to do; whether it is understood.
fn told(source: &Source) -> (Option<&'static str>, String, bool) {
    match detect(source) {
        Err(Refusal::UnknownFormat { looks_like, advice, is_understood }) => {
            (looks_like, advice, is_understood)
        }
        other => panic!("{:?}", other.map(|format| format.name())),
    }
}

fn source(bytes: &[u8]) -> Source {
    Source::new("extras.sta", None, bytes.to_vec())
}

fn name(bytes: &[u8]) -> &'static str {
    let (name, _, is_understood) = told(&source(bytes));
    assert!(is_understood, "{name:?}");
    name.unwrap()
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Returns a compound file with a stream of that name, as far as it tells what the file is.
fn compound(stream: &str) -> Vec<u8> {
    [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 504], &utf16(stream)].concat()
}

#[test]
fn what_is_no_text_is_told_by_its_first_bytes() {
    let tar = [vec![0; 257], b"ustar\x0000".to_vec()].concat();
    let bitmap = b"BM\x10\x00\x00\x00\x00\x00\x00\x00\x36";
    let kinds: [(&[u8], &str); 16] = [
        (b"%PDF-1.7\n", "a PDF"),
        (b"\xef\xbb\xbf\r\n%PDF-1.4", "a PDF"),
        (b"\x89PNG\r\n\x1a\n", "a picture"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "a picture"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "a picture"),
        (b"\x00\x00\x00\x18ftypheic", "a picture"),
        (bitmap, "a picture"),
        (b"Rar!\x1a\x07\x01\x00", "a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c\x00\x04", "a 7z archive"),
        (&tar, "a tar archive"),
        (b"\x1f\x8b\x08\x00", "a compressed file"),
        (b"BZh91AY&SY", "a compressed file"),
        (b"\x78\x9f\x3e\x22\x01", "an attachment that only Outlook opens (winmail.dat)"),
        (&compound("__properties_version1.0"), "an Outlook mail (.msg)"),
        (&compound("EncryptedPackage"), "an Office document with a password"),
        (&compound("WordDocument"), "an old Word document (.doc)"),
    ];
    for (bytes, kind) in kinds {
        assert_eq!(name(bytes), kind);
    }
    let document = zip(&[("[Content_Types].xml", "x"), ("word/document.xml", "y")]);
    assert_eq!(name(&document), "a Word document");
    let mime = "application/vnd.oasis.opendocument.text";
    assert_eq!(name(&stored(&[("mimetype", mime)])), "an OpenDocument text or picture");
}

#[test]
fn what_may_hold_a_statement_is_not_said_to_be_understood() {
    let workbook = zip(&[("[Content_Types].xml", "x"), ("xl/workbook.xml", "y")]);
    let statement = br#"<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">"#;
    let mime = "application/vnd.oasis.opendocument.spreadsheet";
    let kinds: [(&[u8], Option<&str>); 10] = [
        (b"From: <a@b.example>\nSubject: x\n\ntext", Some("a mail in a zip")),
        (&stored(&[("mimetype", mime)]), Some("an OpenDocument spreadsheet (.ods)")),
        (&workbook, Some("a workbook or archive of another kind")),
        (&compound("Anything"), Some("an old Excel or Word file")),
        (
            &[compound("Workbook"), utf16("WordDocument")].concat(),
            Some("an old Excel file (.xls) that is cut off or damaged"),
        ),
        (statement, Some("an XML file")),
        (b"<!DOCTYPE html><html>", Some("a web page")),
        (b"Data;Suma;Detalii\n01.03.2026;10,00;AWB 7 ramburs FAN Courier\n", None),
        (b"nu e extras", None),
        (&[0; 100], Some("nothing but zeros")),
    ];
    for (bytes, kind) in kinds {
        let (name, _, is_understood) = told(&source(bytes));
        assert_eq!((name, is_understood), (kind, false));
    }
}

#[test]
fn statements_in_other_forms_are_to_be_had_in_one_that_is_read() {
    let kinds: [(&[u8], &str); 5] = [
        (b"OFXHEADER:100\r\nDATA:OFXSGML\r\n", "an OFX statement"),
        (b"<?xml version=\"1.0\"?>\n<?OFX OFXHEADER=\"200\"?><OFX>", "an OFX statement"),
        (b"<OFX><SIGNONMSGSRSV1>", "an OFX statement"),
        (b"\xef\xbb\xbf!Type:Bank\nD01/03/2026\n", "a QIF statement"),
        (b"OFXHEADER:100", "an OFX statement"),
    ];
    for (bytes, kind) in kinds {
        assert_eq!(name(bytes), kind);
        assert_eq!(told(&source(bytes)).1, "get it as MT940 or MT942 from the bank");
    }
}

#[test]
fn only_of_a_statement_another_form_is_advised() {
    let advice = |bytes: &[u8]| told(&source(bytes)).1;
    assert_eq!(advice(b"\x89PNG\r\n\x1a\n"), "leave it out");
    let pdf = "leave it out; if it is a statement, get that as MT940 or MT942 from the bank";
    assert_eq!(advice(b"%PDF-1.7"), pdf);
    assert_eq!(advice(b"Rar!\x1a\x07\x00"), "unpack it, and import the files in it");
    let unknown = "export it as MT940 or MT942 (statements), xlsx (GLS borderouri), \
                   xlsx (Sameday borderouri), csv (Netopia batches), \
                   xlsx (eMag payout documents), xlsx (Gomag orders), xlsx (easySales orders) or \
                   xls (Oblio invoices)";
    assert_eq!(advice(b"nu e extras"), unknown);
}

#[test]
fn messages_that_are_no_statements_are_told_by_their_number_or_their_fields() {
    let envelope =
        b"{1:F01BTRLRO22AXXX0000000000}{2:O1031200260301X}{4:\r\n:20:A\r\n:32A:260301RON1,\r\n-}";
    assert_eq!(name(envelope), "an MT103, the message of one payment");
    let plain = b":20:A\n:23B:CRED\n:32A:260301RON100,00\n:50K:/RO49\nX\n:59:/RO27\nY\n:71A:SHA\n";
    assert_eq!(name(plain), "an MT103, the message of one payment");
    let notice = b"{1:F01BTRLRO22AXXX0000000000}{2:I910BTRLRO22XXXXN}{4:\r\n:20:A\r\n-}";
    assert_eq!(name(notice), "an MT910, the notice of one credit");
    let statement = b"{1:F01BTRLRO22AXXX0000000000}{2:I940BTRLRO22XXXXN}{4:\r\n:20:A\r\n-}";
    assert_eq!(detect(&source(statement)).unwrap().name(), "mt940");
}

#[test]
fn lists_are_told_by_their_headers() {
    let kinds = [
        (
            "Customer ID,Seller company,SAP document ID,Document code,Document type,Document date,\
             Reference ID,Document amount,Document currency,Clearing document\n1,2,3\n",
            "an eMAG account statement",
        ),
        (
            "\u{feff}\"Oras destinatar\",\"Data awb\",\"Suma incasata\",\"Numar awb\",\"Expeditor\",\
             \"Destinatar\",\"Continut\",\"PersoanaD\",\"Data virament\",\"Ramburs la AWB\"\n",
            "a FAN Courier borderou",
        ),
        (
            "FAN COURIER EXPRESS SRL\n\nNr. AWB;Destinatar;Valoare ramburs;Data plata\n234;Ion;1,50;\n",
            "a FAN Courier borderou",
        ),
        (
            "Awb;Data tur;Livrata;Destinatar;Suma;Numar;Numar OP;Data OP;RefExp1;RefExp2\n",
            "a Cargus list",
        ),
        ("Nr. AWB;Data;Ramburs numerar;Ramburs cont colector\n", "a Cargus list"),
        ("CARGUS S.R.L.\nAWB\tDestinatar\tRamburs\n", "a Cargus list"),
        ("MerchantID;InvoiceId;Descriere;Suma;Moneda;RRN\n", "a euPlatesc report"),
        ("ep_id,invoice_id,amount,curr\n", "a euPlatesc report"),
        ("F_ORDER_NUMBER;X_TRANS_ID;F_AMOUNT\n", "a PlatiOnline report"),
        (
            "Raport PlatiOnline.ro\nNr. comanda;ID tranzacție;Sumă;Comision\n",
            "a PlatiOnline report",
        ),
    ];
    for (text, kind) in kinds {
        assert_eq!(name(text.as_bytes()), kind);
    }
}

#[test]
fn a_list_may_be_a_workbook_with_a_title_above_it() {
    let rows: [(u32, &[&str]); 3] = [
        (1, &["s:Borderou FAN Courier"]),
        (3, &["s:AWB", "s:Destinatar", "s:Sumă încasată"]),
        (4, &["n:1", "s:X", "n:10"]),
    ];
    let (name, advice, _) = told(&named("a.xlsx", &[sheet(&rows)]));
    assert_eq!((name, advice.as_str()), (Some("a FAN Courier borderou"), "leave it out"));
}

#[test]
fn a_list_of_gls_in_another_country_is_told_and_those_of_romania_stay_with_their_format() {
    let above = |sender: &str, headers: &[&str]| {
        let rows: [(u32, &[&str]); 3] =
            [(1, &[&format!("s:{sender}")]), (3, &["s:x: y"]), (8, headers)];
        named("553000676_RON_01082025.xlsx", &[sheet(&rows)])
    };
    let hungarian = ["s:Jelentés szám", "s:Csomagszám", "s:Utánvét hivatkozás", "s:Utánvét összeg"];
    let list = above("GLS General Logistics Systems Hungary Kft.", &hungarian);
    assert_eq!(told(&list).0, Some("a GLS list in Hungarian"));
    let czech = above("GLS General Logistics Systems Czech Republic s.r.o.", &["s:Číslo zásilky"]);
    assert_eq!(told(&czech).0, Some("a GLS list of another country"));
    for sender in ["GLS General Logistics Systems Romania SRL", "GLS General Logistics Systems"] {
        let odd = above(sender, &["s:x", "s:y"]);
        assert_eq!(detect(&odd).unwrap().name(), by_name("gls").unwrap().name());
    }
}

#[test]
fn a_banks_list_that_names_couriers_is_not_taken_for_theirs() {
    let bank = "Cont;RO27BTRLRONCRT0144272509\nData;Detalii;Suma\n\
                01.04.2026;FAN COURIER EXPRESS SRL ramburs AWB;100,00\n\
                02.04.2026;CARGUS SRL AWB 77 ramburs;50,00\n\
                03.04.2026;GLS GENERAL LOGISTICS SYSTEMS ROMANIA SRL;50,00\n\
                03.04.2026;GLS GENERAL LOGISTICS SYSTEMS HUNGARY KFT;50,00\n\
                03.04.2026;PlatiOnline tranzactie suma;50,00\n";
    assert_eq!(told(&source(bank.as_bytes())).0, None);
}

proptest! {
    #[test]
    fn no_bytes_make_telling_the_kind_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..600),
        text in "(<\\?xml|<OFX>|\\{1:|\\{2:I103|:59|:50K|;|\"|AWB|\r?\n|\\PC){0,60}",
    ) {
        for start in [b"".as_slice(), b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe"] {
            for rest in [bytes.as_slice(), text.as_bytes()] {
                let _ = refusal(&source(&[start, rest].concat()));
            }
        }
    }
}
