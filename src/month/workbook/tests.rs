//! Workbooks of invented months, read back.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::*;
use crate::month::{InvoiceFacts, KnownTie, MonthOfYear, NoInvoice, State};
use crate::record::{Currency, KeptStatement};
use crate::tie::{Credit, Settlement};

fn amount(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// Returns that day of April 2026; days of March are zero and below.
fn day(day: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 31).unwrap() + chrono::Duration::days(day)
}

fn stated(kind: &str, key: &str, on: i64, sum: &str, state: State, paid: Option<&str>) -> Stated {
    Stated {
        settlement: Settlement {
            id: SettlementId { kind: kind.to_owned(), key: key.to_owned() },
            account: None,
            currency: "RON".to_owned(),
            dated: day(on),
            amount: amount(sum),
        },
        document: Some(format!("{key}.xlsx")),
        lines: Some(2),
        paid: paid.map(amount),
        paid_on: paid.map(|_| day(on + 1)),
        reference: paid.map(|_| format!("OP-{key}")),
        state,
    }
}

fn line(of: &Stated, order: Option<&str>, sum: &str, invoice: Result<&str, NoInvoice>) -> PaidLine {
    PaidLine {
        settlement: of.settlement.id.clone(),
        name: "6325380318".to_owned(),
        order: order.map(str::to_owned),
        invoice: invoice.ok().map(str::to_owned),
        amount: amount(sum),
        difference: invoice.ok().map(|_| Decimal::ZERO),
        reason: invoice.err(),
    }
}

fn tie(of: &Stated, credit: &str, on: i64, sum: &str) -> KnownTie {
    KnownTie {
        settlement: of.settlement.id.clone(),
        credit: credit.to_owned(),
        amount: amount(sum),
        day: Some(day(on)),
        reference: Some(format!("{}ZEXA", credit.to_uppercase())),
        dated: Some(of.settlement.dated),
        document: of.document.clone(),
    }
}

fn entry(key: &str, on: i64, sum: &str, currency: &str, text: &str) -> BankEntry {
    BankEntry {
        key: Some(key.to_owned()),
        account: Some("RO27BTRLRONCRT0144272509".to_owned()),
        day: day(on),
        booked: Some(day(on)),
        amount: amount(sum),
        currency: currency.to_owned(),
        counterparty: Some("CLIENT FICTIV SRL".to_owned()),
        text: Some(text.to_owned()),
        reference: Some(format!("{}ZEXA", key.to_uppercase())),
    }
}

fn arrived(entry: &BankEntry, sender: &str, tied: &str) -> Arrived {
    Arrived {
        credit: Credit {
            key: entry.key.clone().unwrap(),
            sender: sender.to_owned(),
            account: entry.account.clone(),
            currency: entry.currency.clone(),
            day: entry.day,
            amount: entry.amount,
            names: None,
            reference: entry.reference.clone(),
        },
        text: entry.text.clone().unwrap_or_default(),
        from: entry.counterparty.clone(),
        tied: amount(tied),
        pays: None,
    }
}

fn statement(from: i64, to: i64, opening: &str, closing: &str) -> KeptStatement {
    KeptStatement {
        line: 1,
        account: "RO27BTRLRONCRT0144272509".to_owned(),
        currency: Currency::RON,
        number: String::new(),
        opening_date: day(from),
        opening: amount(opening),
        closing_date: day(to),
        closing: amount(closing),
        entries: 1,
        is_whole: true,
    }
}

fn april() -> MonthOfYear {
    "2026-04".parse().unwrap()
}

fn facts() -> Facts {
    Facts {
        month: april(),
        settlements: Vec::new(),
        credits: Vec::new(),
        apart: Vec::new(),
        payouts: Vec::new(),
        lines: Vec::new(),
        invoices: InvoiceFacts::default(),
        held: 0,
        waiting: 0,
    }
}

fn written(company: &str, facts: &Facts, bank: &Bank, statements: &[KeptStatement]) -> Vec<u8> {
    let page = Month::of(facts.clone(), statements);
    workbook(Contents { company, page: &page, facts, bank }).unwrap()
}

/// Returns the cells of a sheet, a row a line; a formula stands before what it comes to.
fn cells(bytes: &[u8], sheet: &str) -> String {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let values = workbook.worksheet_range(sheet).unwrap();
    let formulas = workbook.worksheet_formula(sheet).unwrap();
    let rows = values.rows().zip(0..).map(|(row, number)| {
        let cells = row.iter().zip(0..).map(|(cell, column)| {
            let formula = formulas.get_value((number, column)).filter(|it| !it.is_empty());
            let value = match cell {
                Data::DateTime(at) => at.as_datetime().unwrap().date().to_string(),
                Data::Float(number) => format!("{number}"),
                Data::String(text) => format!("{text:?}"),
                Data::Empty => String::new(),
                other => panic!("{other:?}"),
            };
            formula.map(|it| format!("={it} → {value}")).unwrap_or(value)
        });
        cells.collect::<Vec<_>>().join(" | ").trim_end_matches([' ', '|']).to_owned()
    });
    rows.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_block_has_a_row_for_each_line_and_comes_to_its_credit() {
    let (one, two) = (
        stated("gls", "one", 1, "150.50", State::Paid, Some("150.50")),
        stated("gls", "two", 2, "49.50", State::Paid, Some("49.50")),
    );
    let batch = stated("netopia", "53001314", 3, "146.80", State::Paid, Some("146.80"));
    let payout = stated("emag", "186001|2026-04-03", 3, "220.00", State::Differs, Some("230"));
    let mut more = line(&one, Some("1002"), "50.50", Ok("FNT 24002"));
    more.difference = Some(amount("5"));
    let lines = vec![
        line(&one, Some("1001"), "100", Ok("FNT 24001")),
        more,
        line(&two, None, "49.50", Err(NoInvoice::NoOrder)),
        line(&batch, Some("1003"), "100", Ok("FNT 24003")),
        line(&batch, Some("1004"), "50", Err(NoInvoice::OrderWithoutInvoice)),
        line(&payout, Some("1005"), "300", Err(NoInvoice::OrderNotHere)),
        line(&payout, Some("1006"), "-20", Ok("FNT 24006")),
    ];
    let ties = vec![
        tie(&one, "k1", 3, "150.50"),
        tie(&two, "k1", 3, "49.50"),
        tie(&batch, "k2", 4, "146.80"),
        tie(&payout, "k3", 6, "230"),
    ];
    let entries = vec![
        entry("k1", 3, "200", "RON", "TRANSFER RAMBURS"),
        entry("k2", 4, "146.80", "RON", "BatchId 53001314"),
        entry("k3", 6, "230", "RON", "DANTE"),
        entry("k4", 6, "-9.90", "RON", "comision"),
        entry("k5", 7, "12.10", "EUR", "plata"),
    ];
    let bank = Bank { entries, ties, ..Bank::default() };
    let facts = Facts { settlements: vec![one, two, batch, payout], lines, ..facts() };
    let bytes = written("FIRMA NOUA SRL", &facts, &bank, &[]);
    insta::assert_snapshot!(cells(&bytes, "OP-uri"), @r##"
    "Data OP" | "Număr OP" | "Nume borderou" | "Curier" | "Order ID" | "Număr factură" | "Sumă" | "Erori" | "Diferență"
    2026-04-03 | "K1ZEXA" | "one.xlsx" | "GLS" | "1001" | "FNT 24001" | 100
    2026-04-03 | "K1ZEXA" | "one.xlsx" | "GLS" | "1002" | "FNT 24002" | 50.5 | "mai mult decât factura" | 5
    2026-04-03 | "K1ZEXA" | "two.xlsx" | "GLS" |  |  | 49.5 | "fără număr de comandă (rândul 6325380318)"
    2026-04-03 | "K1ZEXA" |  |  |  | "Total OP" | =SUM(G2:G4) → 200

    2026-04-04 | "K2ZEXA" | "53001314.xlsx" | "Netopia" | "1003" | "FNT 24003" | 100
    2026-04-04 | "K2ZEXA" | "53001314.xlsx" | "Netopia" | "1004" |  | 50 | "comanda nu are factură"
    2026-04-04 | "K2ZEXA" | "53001314.xlsx" | "Netopia" |  | "Comisioane" | -3.2
    2026-04-04 | "K2ZEXA" |  |  |  | "Total OP" | =SUM(G7:G9) → 146.8

    2026-04-06 | "K3ZEXA" | "plata eMag din 03.04.2026" | "eMag" | "1005" |  | 300 | "comanda nu este în fișierele importate"
    2026-04-06 | "K3ZEXA" | "plata eMag din 03.04.2026" | "eMag" | "1006" | "FNT 24006" | -20
    2026-04-06 | "K3ZEXA" | "plata eMag din 03.04.2026" | "eMag" |  | "Comisioane" | -60
    2026-04-06 | "K3ZEXA" |  |  |  | "Total OP" | =SUM(G12:G14) → 220 | "OP-ul are cu 10,00 mai mult decât rândurile" | 10
    "##);
    insta::assert_snapshot!(cells(&bytes, "Deconturi"), @r##"
    "Plătitor" | "Document" | "Data" | "Rânduri" | "Cu factură" | "Sumă" | "Monedă" | "Plătit" | "Data plății" | "Număr OP" | "Stare" | "Diferență"
    "GLS" | "one.xlsx" | 2026-04-01 | 2 | 2 | 150.5 | "RON" | 150.5 | 2026-04-02 | "OP-one" | "plătit"
    "GLS" | "two.xlsx" | 2026-04-02 | 2 | 0 | 49.5 | "RON" | 49.5 | 2026-04-03 | "OP-two" | "plătit"
    "Netopia" | "53001314.xlsx" | 2026-04-03 | 2 | 1 | 146.8 | "RON" | 146.8 | 2026-04-04 | "OP-53001314" | "plătit"
    "eMag" | "plata eMag din 03.04.2026" | 2026-04-03 | 2 | 1 | 220 | "RON" | 230 | 2026-04-04 | "OP-186001|2026-04-03" | "diferă" | =ROUND(H5-F5,2) → 10

    "Total RON" |  |  |  |  | =SUMPRODUCT(($G$2:$G$5="RON")*$F$2:$F$5) → 566.8 |  | =SUMPRODUCT(($G$2:$G$5="RON")*$H$2:$H$5) → 576.8 |  |  |  | =SUMPRODUCT(($G$2:$G$5="RON")*$L$2:$L$5) → 10
    "##);
    insta::assert_snapshot!(cells(&bytes, "Extras"), @r##"
    "Cont" | "Data valutei" | "Data înreg." | "Sumă" | "Monedă" | "Partener" | "Explicații" | "Referință" | "Ce plătește"
    "RO27BTRLRONCRT0144272509" | 2026-04-03 | 2026-04-03 | 200 | "RON" | "CLIENT FICTIV SRL" | "TRANSFER RAMBURS" | "K1ZEXA" | "one.xlsx, two.xlsx"
    "RO27BTRLRONCRT0144272509" | 2026-04-04 | 2026-04-04 | 146.8 | "RON" | "CLIENT FICTIV SRL" | "BatchId 53001314" | "K2ZEXA" | "53001314.xlsx"
    "RO27BTRLRONCRT0144272509" | 2026-04-06 | 2026-04-06 | 230 | "RON" | "CLIENT FICTIV SRL" | "DANTE" | "K3ZEXA" | "plata eMag din 03.04.2026"
    "RO27BTRLRONCRT0144272509" | 2026-04-06 | 2026-04-06 | -9.9 | "RON" | "CLIENT FICTIV SRL" | "comision" | "K4ZEXA"
    "RO27BTRLRONCRT0144272509" | 2026-04-07 | 2026-04-07 | 12.1 | "EUR" | "CLIENT FICTIV SRL" | "plata" | "K5ZEXA"

    "Total RO27BTRLRONCRT0144272509 EUR" |  |  | =SUMPRODUCT(($A$2:$A$6="RO27BTRLRONCRT0144272509")*($E$2:$E$6="EUR")*$D$2:$D$6) → 12.1
    "Total RO27BTRLRONCRT0144272509 RON" |  |  | =SUMPRODUCT(($A$2:$A$6="RO27BTRLRONCRT0144272509")*($E$2:$E$6="RON")*$D$2:$D$6) → 566.9
    "##);
}

#[test]
fn a_settlement_of_several_credits_has_its_lines_at_the_oldest_one() {
    let mut march = stated("gls", "march", -1, "100", State::Paid, Some("100"));
    march.settlement.dated = day(-1);
    let late = stated("sameday", "late", 2, "80", State::Paid, Some("80"));
    let gone = stated("gls", "gone", 3, "7", State::Paid, Some("7"));
    let ties = vec![
        tie(&march, "before", 0, "60"),
        tie(&march, "k1", 1, "40"),
        tie(&late, "k2", 3, "50"),
        tie(&late, "behind", 32, "30"),
        tie(&gone, "k3", 4, "7"),
    ];
    let lines = vec![line(&march, Some("1"), "100", Ok("FNT 1"))];
    let elsewhere = vec![Facts {
        month: "2026-03".parse().unwrap(),
        settlements: vec![march],
        lines,
        ..facts()
    }];
    let entries = vec![
        entry("k1", 1, "40", "RON", ""),
        entry("k2", 3, "50", "RON", ""),
        entry("k3", 4, "7", "RON", ""),
    ];
    assert_eq!(Bank::other_months(&ties, april()).len(), 1);
    let bank = Bank { entries, ties, elsewhere };
    let facts = Facts { settlements: vec![late], ..facts() };
    let bytes = written("A", &facts, &bank, &[]);
    insta::assert_snapshot!(cells(&bytes, "OP-uri"), @r##"
    "Data OP" | "Număr OP" | "Nume borderou" | "Curier" | "Order ID" | "Număr factură" | "Sumă" | "Erori" | "Diferență"
    2026-04-01 | "K1ZEXA" | "march.xlsx" | "GLS" |  |  | 40 | "parte din decont; rândurile lui sunt la OP BEFOREZEXA din 31.03.2026"
    2026-04-01 | "K1ZEXA" |  |  |  | "Total OP" | =SUM(G2:G2) → 40

    2026-04-03 | "K2ZEXA" | "late.xlsx" | "Sameday" |  |  | 80 | "rândurile decontului nu sunt cunoscute"
    2026-04-03 | "K2ZEXA" | "late.xlsx" | "Sameday" |  | "Alt OP" | -30 | "plătit cu OP BEHINDZEXA din 02.05.2026"
    2026-04-03 | "K2ZEXA" |  |  |  | "Total OP" | =SUM(G5:G6) → 50

    2026-04-04 | "K3ZEXA" | "gone" | "GLS" |  |  | 7 | "decontul nu mai este importat"
    2026-04-04 | "K3ZEXA" |  |  |  | "Total OP" | =SUM(G9:G9) → 7
    "##);
}

#[test]
fn what_is_missing_and_what_nobody_explains_is_listed() {
    let late = stated("gls", "late", 2, "80", State::Late, None);
    let lines = vec![
        line(&late, Some("1001"), "30", Err(NoInvoice::OrderNotHere)),
        line(&late, Some("1002"), "50", Ok("FNT 24002")),
    ];
    let entries = vec![
        entry("k1", 1, "40", "RON", "RAMBURS"),
        entry("k2", 3, "1377.62", "RON", "plata factura FNT 24170"),
        entry("k3", 4, "7", "EUR", "avans"),
        entry("k4", 5, "8", "RON", "factura FNT 24171"),
        entry("k5", 5, "9", "RON", "PROFORMA 231544"),
    ];
    let of = |at: usize, sender, tied| arrived(&entries[at], sender, tied);
    let credits = vec![
        of(0, "gls", "0"),
        of(1, "altul", "0"),
        of(2, "altul", "0"),
        of(3, "altul", "8"),
        of(4, "altul", "9"),
    ];
    let paid = |kind: &str, credit: &str, sum: &str, document: Option<&str>| KnownTie {
        settlement: SettlementId { kind: kind.to_owned(), key: "231544".to_owned() },
        dated: None,
        document: document.map(str::to_owned),
        ..tie(&late, credit, 5, sum)
    };
    let ties = vec![
        paid("invoice", "k4", "8", Some("FNT 24171")),
        paid("order", "k5", "9", Some("comanda 231544")),
    ];
    let bank = Bank { entries: entries.clone(), ties, ..Bank::default() };
    let facts = Facts { settlements: vec![late], credits, lines, ..facts() };
    let statements = [statement(2, 13, "0", "10"), statement(16, 30, "20.50", "30")];
    let bytes = written("A", &facts, &bank, &statements);
    insta::assert_snapshot!(cells(&bytes, "Lipsuri"), @r##"
    "Ce lipsește" | "Cont sau plătitor" | "De la" | "Până la" | "Document" | "Order ID" | "Sold înainte" | "Sold după" | "Sumă" | "Monedă" | "Explicație"
    "Zile de extras" | "RO27BTRLRONCRT0144272509" | 2026-04-01 | 2026-04-01 |  |  |  |  |  | "RON" | "extrasele acestor zile nu sunt importate"
    "Zile de extras" | "RO27BTRLRONCRT0144272509" | 2026-04-14 | 2026-04-15 |  |  | 10 | 20.5 | 10.5 | "RON" | "extrasele acestor zile nu sunt importate"
    "Document" | "GLS" | 2026-04-01 |  | "un borderou" |  |  |  | 40 | "RON" | "a venit OP K1ZEXA din 01.04.2026"
    "Bani" | "GLS" | 2026-04-02 |  | "late.xlsx" |  |  |  | 80 | "RON" | "nu a venit niciun OP în 10 zile"
    "Factură" | "GLS" | 2026-04-02 |  | "late.xlsx" | "1001" |  |  | 30 | "RON" | "comanda nu este în fișierele importate"
    "##);
    insta::assert_snapshot!(cells(&bytes, "Încasări directe"), @r##"
    "Data" | "Client" | "Factură sau comandă" | "Sumă" | "Monedă" | "Număr OP" | "Explicații"
    2026-04-05 | "CLIENT FICTIV SRL" | "FNT 24171" | 8 | "RON" | "K4ZEXA" | "factura FNT 24171"
    2026-04-05 | "CLIENT FICTIV SRL" | "comanda 231544" | 9 | "RON" | "K5ZEXA" | "PROFORMA 231544"

    "Total RON" |  |  | =SUMPRODUCT(($E$2:$E$3="RON")*$D$2:$D$3) → 17
    "##);
    insta::assert_snapshot!(cells(&bytes, "Neexplicate"), @r##"
    "Data" | "Plătitor" | "De la" | "Sumă" | "Monedă" | "Document numit" | "Număr OP" | "Explicații"
    2026-04-03 | "client" | "CLIENT FICTIV SRL" | 1377.62 | "RON" | "FNT 24170" | "K2ZEXA" | "plata factura FNT 24170"
    2026-04-04 | "client" | "CLIENT FICTIV SRL" | 7 | "EUR" |  | "K3ZEXA" | "avans"

    "Total EUR" |  |  | =SUMPRODUCT(($E$2:$E$3="EUR")*$D$2:$D$3) → 7
    "Total RON" |  |  | =SUMPRODUCT(($E$2:$E$3="RON")*$D$2:$D$3) → 1377.62
    "##);
    insta::assert_snapshot!(cells(&bytes, "OP-uri"), @r##"
    "Data OP" | "Număr OP" | "Nume borderou" | "Curier" | "Order ID" | "Număr factură" | "Sumă" | "Erori" | "Diferență"
    "##);
}

#[test]
fn a_month_without_anything_has_all_sheets_and_the_same_bytes_each_time() {
    let bytes = written("FIRMA & FIII SRL", &facts(), &Bank::default(), &[]);
    let workbook: Xlsx<_> = Xlsx::new(Cursor::new(&bytes)).unwrap();
    let expected = ["OP-uri", "Deconturi", "Lipsuri", "Încasări directe", "Neexplicate", "Extras"];
    assert_eq!(workbook.sheet_names(), expected);
    let lacks = cells(&bytes, "Lipsuri");
    assert!(lacks.contains("niciun extras de cont al lunii nu este importat"), "{lacks}");
    assert_eq!(bytes, written("FIRMA & FIII SRL", &facts(), &Bank::default(), &[]));
    assert!(is_as_written(Cursor::new(&bytes)));
    for other in [&b""[..], b"PK\x03\x04", &bytes[..bytes.len() / 2]] {
        assert!(!is_as_written(Cursor::new(other)));
    }
}

#[test]
fn whatever_others_wrote_stays_a_text() {
    let long = "ș".repeat(40_000);
    let further = [long.as_str(), "\"*?~"];
    let odd = ["=HYPERLINK(\"http://a\")", "+1", "-1", "@SUM(A1)", "\t=1", "a\u{0}\u{1b}\u{ffff}b"];
    let entries = odd.iter().chain(&further).map(|text| BankEntry {
        key: None,
        account: Some((*text).to_owned()),
        counterparty: None,
        ..entry("k", 1, "1", text, text)
    });
    let bank = Bank { entries: entries.collect(), ..Bank::default() };
    let name = "& \"*&P ".repeat(100);
    let bytes = written(&name, &facts(), &bank, &[]);
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(&bytes)).unwrap();
    let formulas = workbook.worksheet_formula("Extras").unwrap();
    let columns = (formulas.start().unwrap().1, formulas.end().unwrap().1);
    assert_eq!(columns, (3, 3), "sums alone are formulas");
    let told = cells(&bytes, "Extras");
    for text in ["\"=HYPERLINK(", "\"+1\"", "\"-1\"", "\"@SUM(A1)\"", "\"=1\"", "\"ab\""] {
        assert!(told.contains(text), "{text}");
    }
}
