//! Alpha Bank Romania: labelled free text, cut within words.

use super::Bank;
use super::join::join;
use super::labels::Labels;
use super::reading;
use crate::format::mt940::blocks::blocks;
use crate::record::{Entry, Narrative};

/// `<operation> PLATITOR  NAME BIC IBAN DETALII INCASARE  text CUST REFERENCE   ref`; between
/// banks the IBAN stands before the BIC, payments say `BENEFICIAR` and `DETALII PLATA`.
#[derive(Debug)]
pub(super) struct Alpha;

const LABELS: Labels = Labels {
    payer: "PLATITOR",
    beneficiary: "BENEFICIAR",
    ends: &["DETALII INCASARE", "DETALII PLATA", "CUST REFERENCE"],
};

impl Bank for Alpha {
    fn name(&self) -> &'static str {
        "Alpha Bank"
    }

    fn narrative<'s>(&self, entry: &Entry<'s>, own: &str) -> Narrative<'s> {
        let came_in = !entry.amount.is_sign_negative();
        let blocks = blocks(entry.raw);
        let text = join(&blocks.narrative, |_, _| true);
        reading::narrative(&blocks, text, |text| {
            LABELS.party(text, came_in, own).unwrap_or_default().into()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::mt940::narrative::tests::{Told, check};

    const CASES: [(&str, Told); 4] = [
        (
            ":61:2603020302C200,00NTRF4780000001//248OPAA260000001\n:86:Incasare intrabancara PLATITOR  C\nLIENT EXEMPLU SRL BUCUROBU RO28BUCU2000000000001RON\nDETALII INCASARE  FACTURA EX-1042  CUST REFERENCE   001TEST0000001",
            (
                Some("CLIENT EXEMPLU SRL"),
                Some("RO28BUCU2000000000001RON"),
                None,
                "Incasare intrabancara PLATITOR  CLIENT EXEMPLU SRL BUCUROBU RO28BUCU2000000000001RONDETALII INCASARE  FACTURA EX-1042  CUST REFERENCE   001TEST0000001",
            ),
        ),
        (
            ":61:2603020302D2,00NCOM4780000002//220CHDP260000002\n:86:Comision incasare",
            (None, None, None, "Comision incasare"),
        ),
        (
            ":61:2603020302C200,00NTRF4780000003//001INLC260000003\n:86:Incasare interbancara mica valoar\ne PLATITOR  CLIENT EXEMPLU SRL RO45BTRLRONCRT0ABCDEF001 BTRLRO22 D\nETALII INCASARE  .ROC.rata SIS..RFB.22 NOTPROVIDED",
            (
                Some("CLIENT EXEMPLU SRL"),
                Some("RO45BTRLRONCRT0ABCDEF001"),
                None,
                "Incasare interbancara mica valoare PLATITOR  CLIENT EXEMPLU SRL RO45BTRLRONCRT0ABCDEF001 BTRLRO22 DETALII INCASARE  .ROC.rata SIS..RFB.22 NOTPROVIDED",
            ),
        ),
        (
            ":61:2603020302D200,00NTRF4780000004//001INLC260000004\n:86:Plata interbancara BENEFICIAR  FU\nRNIZOR FICTIV SRL RO75BRDE450SV00012345678 BRDEROBU DETALII PLATA\n  CVF 77",
            (
                Some("FURNIZOR FICTIV SRL"),
                Some("RO75BRDE450SV00012345678"),
                None,
                "Plata interbancara BENEFICIAR  FURNIZOR FICTIV SRL RO75BRDE450SV00012345678 BRDEROBU DETALII PLATA  CVF 77",
            ),
        ),
    ];

    #[test]
    fn the_bic_is_no_part_of_the_name() {
        for (raw, told) in CASES {
            check(&Alpha, "RO78BUCU1052000000028RON", raw, told);
        }
    }
}
