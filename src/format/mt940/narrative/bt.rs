//! Banca Transilvania: free text without separators, the name before the IBAN.

use super::Bank;
use std::borrow::Cow;

use super::find;
use super::join::{cut, join};
use super::reading::{self, Party};
use crate::format::mt940::blocks::blocks;
use crate::record::{Entry, Narrative};

/// Since 2025 `operation C.I.F.:n details 1 NAME IBAN BIC REF: id`, wrapped between words, where 1
/// is the payment order's number; in 2018 `/ROC/details/RFB/ref NAME IBAN CUI BIC`, cut within
/// words, and the operation as the last line.
#[derive(Debug)]
pub(super) struct BancaTransilvania;

/// How operations begin. In the form of 2018 such a line is the last, and does not continue the
/// text above it.
const OPERATIONS: [&str; 7] =
    ["Incasare ", "Plata ", "Comision ", "Transfer ", "Depunere ", "Retragere ", "Data entry "];

/// What may follow a digit in a company's name: `MAGAZIN 24 SRL`.
const COMPANY_FORMS: [&str; 8] = ["SRL", "SRLD", "SA", "PFA", "II", "IF", "SNC", "SCS"];

impl Bank for BancaTransilvania {
    fn name(&self) -> &'static str {
        "Banca Transilvania"
    }

    fn narrative<'s>(&self, entry: &Entry<'s>, own: &str) -> Narrative<'s> {
        let blocks = blocks(entry.raw);
        let first = blocks.narrative.first().copied().unwrap_or_default();
        let cuts_words = is_of_2018(entry, first);
        let text = join(&blocks.narrative, |line, next| {
            cuts_words && cut(line, next) && !OPERATIONS.iter().any(|name| next.starts_with(name))
        });
        reading::narrative(&blocks, text, |text| party(text, own).into())
    }
}

/// Returns whether the entry has the form of 2018: the operation's id stands where later forms have
/// `NONREF`.
///
/// Later forms wrap between words and drop the blank at the end of a full line, so a full line does
/// not show the form.
fn is_of_2018(entry: &Entry<'_>, first_line: &str) -> bool {
    let reference = entry.customer_reference.trim();
    let filler = matches!(reference, "" | "NONREF" | "NOTPROVIDED" | ".");
    first_line.starts_with('/') || (entry.bank_reference.trim().is_empty() && !filler)
}

fn party<'t>(text: &'t str, own: &str) -> Party<'t> {
    let place = find::iban(text, own);
    let behind = place.clone().and_then(|place| text.get(place.end..));
    let name = match &place {
        Some(place) => text.get(..place.start).and_then(name_at_end),
        None => merchant(text),
    };
    Party {
        name: name.and_then(reading::name),
        cif: find::cui_after(text, &["C.I.F."]).or_else(|| behind.and_then(code_word)),
        iban: place.and_then(|place| find::at(text, place)),
    }
}

/// Returns the fiscal code that is the first word behind the IBAN.
fn code_word(behind: &str) -> Option<&str> {
    let word = behind.split_whitespace().next()?;
    find::cui(word).filter(|code| word.ends_with(code))
}

/// Returns the name at the end of a text: the words behind the last payment order's number or
/// reference. `None` where there is neither, since the details before the name could end anywhere.
fn name_at_end(text: &str) -> Option<&str> {
    let text = text.trim_end();
    let mut start = text.len();
    loop {
        let before = text.get(..start)?.trim_end();
        let (_, word) = before.rsplit_once(char::is_whitespace).unwrap_or(("", before));
        let name = text.get(start..)?;
        if word.is_empty() {
            return None;
        }
        if ends_details(word) && !belongs_to(word, name) {
            return Some(name);
        }
        start = before.len() - word.len();
    }
}

/// Returns whether the details end with this word, so that a name begins behind it: a payment
/// order's number (`1`, `CHECK12`), a SWIFT code word or a reference.
fn ends_details(word: &str) -> bool {
    let digits = word.bytes().filter(u8::is_ascii_digit).count();
    let number = word.strip_prefix("CHECK").unwrap_or(word);
    let order = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    let code = || word.contains("/RFB/") || word.contains("/ROC/") || word.starts_with('/');
    let has = |sign: u8| word.bytes().any(|b| b == sign);
    order || digits >= 5 || (has(b'/') && code()) || (has(b'.') && word.contains("C.I.F."))
}

/// Returns whether a number belongs to the name behind it, which without the number would be no
/// name: empty, or only `SRL`.
fn belongs_to(word: &str, name: &str) -> bool {
    let short = word.len() <= 4 && word.bytes().all(|b| b.is_ascii_digit());
    let name: Cow<'_, str> = match name.contains(['.', '-']) {
        true => Cow::Owned(name.replace(['.', '-'], "")),
        false => Cow::Borrowed(name),
    };
    let name = name.trim();
    short && (name.is_empty() || COMPANY_FORMS.iter().any(|form| form.eq_ignore_ascii_case(name)))
}

/// Returns the shop of a card payment: `Plata la POS … TID:number NAME  town`.
fn merchant(text: &str) -> Option<&str> {
    let (_, behind) = text.strip_prefix("Plata la POS")?.split_once("TID:")?;
    let (_, name) = behind.split_once(' ')?;
    let (name, _) = name.trim_start().split_once("  ")?;
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::mt940::narrative::tests::{Told, check};

    const OWN: &str = "RO27BTRLRONCRT0144272509";

    const CASES: [(&str, Told); 12] = [
        (
            ":61:2603020302C238,00NTRFNONREF//000ZEXA26061001A\n:86:Incasare OP - canal electronic C.I.F.:12345678 Plata factura\n EX-1042 1 CLIENT EXEMPLU SRL RO60RNCB0000123456780001\n RNCBROBU  REF: 000ZEXA26061001A",
            (
                Some("CLIENT EXEMPLU SRL"),
                Some("RO60RNCB0000123456780001"),
                Some("12345678"),
                "Incasare OP - canal electronic C.I.F.:12345678 Plata factura EX-1042 1 CLIENT EXEMPLU SRL RO60RNCB0000123456780001 RNCBROBU  REF: 000ZEXA26061001A",
            ),
        ),
        (
            ":61:2603020302D119,50NTRFNONREF//000ZEXA26061002B\n:86:Plata OP inter - canal electronic /ROC/Cvf 77 din 27.02.2026. 1\n FURNIZOR FICTIV SRL RO75BRDE450SV00012345678 BRDEROBU  REF:\n 000ZEXA26061002B",
            (
                Some("FURNIZOR FICTIV SRL"),
                Some("RO75BRDE450SV00012345678"),
                None,
                "Plata OP inter - canal electronic /ROC/Cvf 77 din 27.02.2026. 1 FURNIZOR FICTIV SRL RO75BRDE450SV00012345678 BRDEROBU  REF: 000ZEXA26061002B",
            ),
        ),
        (
            ":61:2603020302D0,51NCHGNONREF//000ZEXA26061002B\n:86:Comision plata OP\n REF: 000ZEXA26061002B",
            (None, None, None, "Comision plata OP REF: 000ZEXA26061002B"),
        ),
        (
            ":61:2603160316C983,19NTRFNONREF//028ZEXA260754036\n:86:Incasare OP - canal electronic C.I.F.:23743772 /ROC/INCS RBS\n CF BORD 1 DELIVERY SOLUTIONS SA RO37RNCB0280150757100001\n RNCBROBU REF: 028ZEXA260754036",
            (
                Some("DELIVERY SOLUTIONS SA"),
                Some("RO37RNCB0280150757100001"),
                Some("23743772"),
                "Incasare OP - canal electronic C.I.F.:23743772 /ROC/INCS RBS CF BORD 1 DELIVERY SOLUTIONS SA RO37RNCB0280150757100001 RNCBROBU REF: 028ZEXA260754036",
            ),
        ),
        (
            ":61:2603160316C4175,00NTRFNONREF//011ZEXA260759741\n:86:Incasare OP - canal electronic C.I.F.:21611392 TRANSFER\n RAMBURS TRANSFER RAMBURS 1 GLS GENERAL LOGISTICS SYSTEMS\n ROMAN RO49BTRL03301202G43380XX BTRLRO22 REF:\n 011ZEXA260759741",
            (
                Some("GLS GENERAL LOGISTICS SYSTEMS ROMAN"),
                Some("RO49BTRL03301202G43380XX"),
                Some("21611392"),
                "Incasare OP - canal electronic C.I.F.:21611392 TRANSFER RAMBURS TRANSFER RAMBURS 1 GLS GENERAL LOGISTICS SYSTEMS ROMAN RO49BTRL03301202G43380XX BTRLRO22 REF: 011ZEXA260759741",
            ),
        ),
        (
            ":61:2603180318C247,76NTRFNONREF//036ZEXA260771699\n:86:Incasare OP - canal electronic C.I.F.:43131360 /ROC/BatchId\n 52003201//RFB/911 1 NETOPIA FINANCIAL SERVICES SA\n RO73BFER121100048617RO01 BFERROBU REF: 036ZEXA260771699",
            (
                Some("NETOPIA FINANCIAL SERVICES SA"),
                Some("RO73BFER121100048617RO01"),
                Some("43131360"),
                "Incasare OP - canal electronic C.I.F.:43131360 /ROC/BatchId 52003201//RFB/911 1 NETOPIA FINANCIAL SERVICES SA RO73BFER121100048617RO01 BFERROBU REF: 036ZEXA260771699",
            ),
        ),
        // The payment order has another number, and the name has one too.
        (
            ":61:2603020302C50,00NTRFNONREF//X1\n:86:Incasare OP - canal electronic C.I.F.:0 avans 794 MAGAZIN 24\n SRL RO60RNCB0000123456780001 RNCBROBU REF: X1",
            (
                Some("MAGAZIN 24 SRL"),
                Some("RO60RNCB0000123456780001"),
                None,
                "Incasare OP - canal electronic C.I.F.:0 avans 794 MAGAZIN 24 SRL RO60RNCB0000123456780001 RNCBROBU REF: X1",
            ),
        ),
        // A debit instrument: a reference stands where the name should.
        (
            ":61:2603020302D44,00NTRFNONREF//X2\n:86:Plata instrument de debit intrabancar Plata BO BTRL3BA1234567\n MAGAZIN FICTIV SRL PMN BTRL3BA1234567 RO60RNCB0000123456780001\n RNCBROBU FURNIZOR FICTIV SRL REF: X2",
            (
                None,
                Some("RO60RNCB0000123456780001"),
                None,
                "Plata instrument de debit intrabancar Plata BO BTRL3BA1234567 MAGAZIN FICTIV SRL PMN BTRL3BA1234567 RO60RNCB0000123456780001 RNCBROBU FURNIZOR FICTIV SRL REF: X2",
            ),
        ),
        // Card takings: the first line is full, but its last word does not go on in the next.
        (
            ":61:2603020302C965,00NTRFNONREF//X3\n:86:Data entry carduri POS Batch Settl ID00000ABC Batch 000058 Data1\n08/01/2026 Ora 17:00 REF: X3",
            (
                None,
                None,
                None,
                "Data entry carduri POS Batch Settl ID00000ABC Batch 000058 Data1 08/01/2026 Ora 17:00 REF: X3",
            ),
        ),
        (
            ":61:2603280328D159,42NMSCNONREF//X4\n:86:Plata la POS non-BT cu card VISA EPOS 26/03/2026 100000000000001\nTID:11111111 PARCARE EXEMPLU  Brasov 1 RO 12345678 valoare\ntranzactie: 30.44 EUR REF: X4",
            (
                Some("PARCARE EXEMPLU"),
                None,
                None,
                "Plata la POS non-BT cu card VISA EPOS 26/03/2026 100000000000001 TID:11111111 PARCARE EXEMPLU  Brasov 1 RO 12345678 valoare tranzactie: 30.44 EUR REF: X4",
            ),
        ),
        // 2018: cut within the IBAN, the operation last.
        (
            ":61:1803020302C500,00NTRF000ZEXA18061001A\n:86:/ROC/Plata factura EX-1042 din 02.03.2018/RFB/15 CLIENT EXEMPLU S\nRL RO60RNCB0000123456780001 RO12345678 RNCBROBU\nIncasare OP inter",
            (
                Some("CLIENT EXEMPLU SRL"),
                Some("RO60RNCB0000123456780001"),
                Some("12345678"),
                "/ROC/Plata factura EX-1042 din 02.03.2018/RFB/15 CLIENT EXEMPLU SRL RO60RNCB0000123456780001 RO12345678 RNCBROBU Incasare OP inter",
            ),
        ),
        (
            ":61:1803020302D500,00NTRF000ZEXA18061002B\n:86:Cvf 77 din 02.03.2018 1 FURNIZOR FICTIV DE PANIFICATIE SRL RO75BR\nDE450SV00012345678 0 BRDEROBU\n\nPlata OP inter",
            (
                Some("FURNIZOR FICTIV DE PANIFICATIE SRL"),
                Some("RO75BRDE450SV00012345678"),
                None,
                "Cvf 77 din 02.03.2018 1 FURNIZOR FICTIV DE PANIFICATIE SRL RO75BRDE450SV00012345678 0 BRDEROBU Plata OP inter",
            ),
        ),
    ];

    #[test]
    fn the_forms_since_2025_and_of_2018_are_understood() {
        for (raw, told) in CASES {
            check(&BancaTransilvania, OWN, raw, told);
        }
    }
}
