//! BCR: labelled free text that lists both parties, cut within words and labels.

use super::Bank;
use super::join::join;
use super::labels::Labels;
use super::reading;
use crate::format::mt940::blocks::blocks;
use crate::record::{Entry, Narrative};

/// `… Decontare -Platitor  NAME  IBAN  CODFISC n-Beneficiar  NAME  IBAN  CODFISC n-Detalii  text`;
/// the form of 2020 has no `CODFISC`, and fees name nobody.
#[derive(Debug)]
pub(super) struct Bcr;

pub(super) const LABELS: Labels = Labels {
    payer: "Platitor",
    beneficiary: "Beneficiar",
    ends: &["-Detalii", " Detalii ", "Data scadenta"],
};

impl Bank for Bcr {
    fn name(&self) -> &'static str {
        "BCR"
    }

    fn narrative<'s>(&self, entry: &Entry<'s>, own: &str) -> Narrative<'s> {
        let came_in = !entry.amount.is_sign_negative();
        let blocks = blocks(entry.raw);
        let text = join(&blocks.narrative, |_, _| true);
        let mut narrative = reading::narrative(&blocks, text, |text| {
            LABELS.party(text, came_in, own).unwrap_or_default().into()
        });
        // BCR's supplementary line is the other party's name.
        if narrative.name.is_none() {
            let line = blocks.supplementary.first();
            narrative.name = line.and_then(|line| reading::name(line));
        }
        narrative
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::mt940::narrative::tests::{Told, check};

    const OWN: &str = "RO60RNCB0000123456780001";

    const DETAILS: &str = "Referinta 260302S000000001, data valutei 02-03-2026, Decontare -Platitor  CLIENT EXEMPLU SRL  RO45BTRLRONCRT0ABCDEF001  CODFISC 12345678-Beneficiar  MAGAZIN FICTIV SRL  RO60RNCB0000123456780001  CODFISC RO87654321-Detalii  /ROC/FACTURA EX-1042 /RFB/9/20260302";

    #[test]
    fn the_side_whose_money_it_was_is_the_other_party() {
        let client = (
            Some("CLIENT EXEMPLU SRL"),
            Some("RO45BTRLRONCRT0ABCDEF001"),
            Some("12345678"),
            DETAILS,
        );
        let narrative = ":86:Referinta 260302S000000001, data valutei 02-03-2026, Decontare -P\nlatitor  CLIENT EXEMPLU SRL  RO45BTRLRONCRT0ABCDEF001  CODFISC 12\n345678-Beneficiar  MAGAZIN FICTIV SRL  RO60RNCB0000123456780001  \nCODFISC RO87654321-Detalii  /ROC/FACTURA EX-1042 /RFB/9/20260302";
        let credit = ":61:2603020302C595,00NTRFNOTPROVIDED//2026030210000001\nCLIENT EXEMPLU SRL\n";
        check(&Bcr, OWN, &format!("{credit}{narrative}"), client);
        // A reversed credit is a debit, but the other party is still the payer.
        let reversal = ":61:2603020302RC595,00NTRFNOTPROVIDED//2026030210000002\n";
        check(&Bcr, OWN, &format!("{reversal}{narrative}"), client);
        // Seen from the payer's account.
        let debit = ":61:2603020302D595,00NTRF.//2026030210000001\nMAGAZIN FICTIV SRL\n";
        let shop = (
            Some("MAGAZIN FICTIV SRL"),
            Some("RO60RNCB0000123456780001"),
            Some("87654321"),
            DETAILS,
        );
        check(&Bcr, "RO45BTRLRONCRT0ABCDEF001", &format!("{debit}{narrative}"), shop);
    }

    const CASES: [(&str, Told); 4] = [
        (
            ":61:2603020302D4,00NCOMNOTPROVIDED//2026030210000001\n:86:Operatiuni fara numerar - In sistem interbancar  - Incasari perso\nane juridice - Regim uzual - com CR pentru tranzactia cu voucheru\nl 2026030210000001",
            (
                None,
                None,
                None,
                "Operatiuni fara numerar - In sistem interbancar  - Incasari persoane juridice - Regim uzual - com CR pentru tranzactia cu voucherul 2026030210000001",
            ),
        ),
        (
            ":61:2003020302C10,00NTRF.//2020030210000001\n:86:Referinta 200302S000000001, data valutei 02-03-2020, Decontare -P\nlatitor  CLIENT-EXEMPLU SRL  RO45BTRLRONCRT0ABCDEF001-Beneficiar  \nMAGAZIN FICTIV SRL  RO60RNCB0000123456780001-Detalii  AVANS",
            (
                Some("CLIENT-EXEMPLU SRL"),
                Some("RO45BTRLRONCRT0ABCDEF001"),
                None,
                "Referinta 200302S000000001, data valutei 02-03-2020, Decontare -Platitor  CLIENT-EXEMPLU SRL  RO45BTRLRONCRT0ABCDEF001-Beneficiar  MAGAZIN FICTIV SRL  RO60RNCB0000123456780001-Detalii  AVANS",
            ),
        ),
        (
            ":61:2603020302D10,00NTRF.//2026030210000003\n:86:Decontare - Direct debit - Platitor  MAGAZIN FICTIV SRL  RO60RNCB\n0000123456780001 Beneficiar  FURNIZOR FICTIV SRL  CODFISC 0 Data \nscadenta 02-03-2026",
            (
                Some("FURNIZOR FICTIV SRL"),
                None,
                None,
                "Decontare - Direct debit - Platitor  MAGAZIN FICTIV SRL  RO60RNCB0000123456780001 Beneficiar  FURNIZOR FICTIV SRL  CODFISC 0 Data scadenta 02-03-2026",
            ),
        ),
        (
            ":61:2603020302D99,00NTRF2026030210000009//2026030210000004\nDEPOZIT OVN\n:86:Alimentare cont depozit 2531.A03.0.50646.0090.ROL.280",
            (
                Some("DEPOZIT OVN"),
                None,
                None,
                "Alimentare cont depozit 2531.A03.0.50646.0090.ROL.280 DEPOZIT OVN",
            ),
        ),
    ];

    #[test]
    fn forms_without_code_account_or_party_are_understood() {
        for (raw, told) in CASES {
            check(&Bcr, OWN, raw, told);
        }
    }
}
