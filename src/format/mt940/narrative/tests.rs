use proptest::prelude::*;

use super::*;
use crate::record::Entry;

/// The name, IBAN, fiscal code and details of a narrative.
pub(super) type Told =
    (Option<&'static str>, Option<&'static str>, Option<&'static str>, &'static str);

/// Returns the entry that the lines make, with the fields that dialects use.
pub(super) fn entry(raw: &str) -> Entry<'_> {
    let line = raw.split(['\n', '\r', '@']).next().unwrap();
    let mark = line.find(['C', 'D', 'R']).unwrap();
    let debit = line[mark..].starts_with('D') || line[mark..].starts_with("RC");
    let (front, bank_reference) = line.split_once("//").unwrap_or((line, ""));
    let comma = front.find(',').unwrap();
    let type_at = comma + front[comma..].find(|c: char| c.is_ascii_uppercase()).unwrap();
    Entry {
        is_expected: false,
        line: 1,
        value_date: chrono::NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
        booking_date: None,
        amount: rust_decimal::Decimal::new(if debit { -100 } else { 100 }, 2),
        type_code: &front[type_at..type_at + 4],
        customer_reference: front[type_at + 4..].into(),
        bank_reference,
        raw,
        start: 0,
    }
}

/// Checks that the dialect finds the expected narrative, with each kind of line end.
pub(super) fn check(dialect: &dyn Bank, own: &str, raw: &str, told: Told) {
    for end in ["\n", "\r\n", "\r", "@@"] {
        let raw = raw.replace('\n', end);
        let narrative = dialect.narrative(&entry(&raw), own);
        let found = (
            narrative.name.as_deref(),
            narrative.iban.as_deref(),
            narrative.cif.as_deref(),
            &*narrative.details,
        );
        assert_eq!(found, told, "{raw}");
    }
}

#[test]
fn the_account_names_the_bank_before_the_envelope_does() {
    let cases = [
        ("RO27BTRLRONCRT0144272509", None, None, "Banca Transilvania"),
        ("/RO33INGB0000999900012345", None, None, "ING Bank"),
        (" RO04RZBR0000060009998887", None, None, "Raiffeisen Bank"),
        ("INGBROBU/1234567890", None, None, "ING Bank"),
        ("INGBROBU/RO33INGB0000999900012345", None, None, "ING Bank"),
        ("RO75BRDE450SV00012345678", Some("BTRLRO22"), None, "BRD"),
        ("0123456789", Some("BUCUROBUAXXX"), None, "Alpha Bank"),
        ("RO08BACX0000000900012345", Some("BTRLRO22"), None, "MT940"),
        ("RO60RNCB0000123456780001", None, None, "BCR"),
        ("RO15REVO0000123412341234", None, None, "Revolut"),
        ("RO59CECEB31430RON0012345", None, None, "CEC Bank"),
        ("", None, Some("000+20Plata"), "BRD"),
        ("", None, Some("035~20AMT RCD"), "ING Bank"),
        ("", None, Some("^20DE LA"), "Revolut"),
        ("", None, Some("000^20F.12"), "Raiffeisen Bank"),
        ("", None, Some("166?00GUTSCHRIFT"), "MT940"),
        ("PL29114010810000267002001002", None, Some("035~20A"), "MT940"),
        ("", None, None, "MT940"),
        (
            "\u{219}RO\u{21b}/\u{219}",
            Some("\u{21b}\u{21b}\u{21b}\u{21b}"),
            Some("\u{21b}"),
            "MT940",
        ),
    ];
    for (account, bic, narrative, bank) in cases {
        assert_eq!(dialect_of(account, bic, narrative).name(), bank, "{account}");
    }
}

#[test]
fn a_narrative_of_one_line_is_borrowed_from_the_file() {
    let raw = ":61:2603020302D2,00NCOM4780000002//220CHDP260000002\n:86:Comision incasare";
    for (_, dialect) in &DIALECTS {
        let narrative = dialect.narrative(&entry(raw), "");
        let borrowed = matches!(narrative.details, std::borrow::Cow::Borrowed("Comision incasare"));
        assert!(borrowed, "{}", dialect.name());
    }
}

#[test]
fn without_a_narrative_the_supplementary_lines_are_the_details() {
    for raw in [
        ":61:2603020302C2,00NMSCNONREF\nRENTA MARTIE\n2026",
        ":61:2603020302C2,00NMSCNONREF\nRENTA MARTIE\n2026\n:86:",
        ":61:2603020302C2,00NMSCNONREF\n:86:RENTA \n:86:MARTIE 2026",
    ] {
        let told = (None, None, None, "RENTA MARTIE 2026");
        check(&generic::Generic, "", raw, told);
    }
}

fn every_dialect() -> impl Iterator<Item = &'static dyn Dialect> {
    DIALECTS.iter().map(|(_, dialect)| dialect as &dyn Dialect).chain([&ELSEWHERE as &dyn Dialect])
}

/// Pieces that the dialects look for, in any order, among any other text.
fn pieces() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "000",
        "035",
        "?00",
        "+20",
        "~20",
        "^20",
        "^21",
        "+31",
        "~32",
        "~33",
        "^38",
        "~",
        "+",
        "1 ",
        " ",
        "  ",
        "\n",
        "\r\n",
        "\n ",
        "@@",
        ":86:",
        "RO45BTRLRONCRT0ABCDEF001",
        "RO45BTRL",
        "RO",
        "C.I.F.:",
        "12345678",
        "CODFISC ",
        "CUI/CNP",
        "Platitor ",
        "Beneficiar ",
        "PLATITOR",
        ",",
        "-Detalii",
        "/ROC/",
        "/RFB/",
        "/NAME/",
        "/IBAN/",
        "TID:",
        "Plata la POS",
        "SRL",
        "\u{219}",
        "\u{1f600}",
        "DE89370400440532013000",
        "CLIENT EXEMPLU",
        "+40721000000",
    ]);
    let any = any::<String>();
    prop::collection::vec(prop_oneof![4 => known.prop_map(str::to_owned), 1 => any], 0..24)
        .prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_panics_and_none_tells_the_own_account(text in pieces(), more in pieces(), credit: bool) {
        let own = "RO45BTRLRONCRT0ABCDEF001";
        let raw = format!(":61:260302{}1,NTRFNONREF\n{more}\n:86:{text}", if credit { 'C' } else { 'D' });
        let mut entry = entry(":61:260302C1,NTRFX");
        entry.raw = &raw;
        for dialect in every_dialect() {
            let narrative = dialect.narrative(&entry, own);
            prop_assert_ne!(narrative.iban.as_deref(), Some(own));
            prop_assert_eq!(narrative.details.trim(), &*narrative.details);
            if let Some(cif) = &narrative.cif {
                prop_assert!((2..=10).contains(&cif.len()));
                prop_assert!(cif.bytes().all(|b| b.is_ascii_digit()));
            }
            prop_assert_eq!(&dialect.narrative(&entry, own), &narrative);
            dialect_of(&text, Some(&more), Some(&text));
        }
    }
}
