//! Invented files, of any size.

use chrono::{Days, NaiveDate};
use vama::inside::lab::batch::{self, Batch, Payment};
use vama::inside::lab::borderou;
use vama::inside::lab::bulk;
use vama::inside::lab::random::Random;
use vama::inside::lab::shop::{Person, Shop};
use vama::inside::lab::statement;

const ACCOUNT: &str = "RO27BTRLRONCRT0144272509";

/// A bank: the account of `:25:`, and entries that a statement repeats.
type Bank = (&'static str, &'static [&'static str]);

/// Entries with subfields, labels and code words, and one with none of them.
pub(crate) const GENERIC: Bank = (
    "RO08BACX0000000900012345",
    &[
        ":61:2603020302CN60,00NTRFNONREF//0000000001\n:86:166?00INCASARE?20FACTURA EX-1042?30BTRLRO22?31RO45BTRLRONCRT0ABCD\nEF001?32CLIENT EXEMPLU?33 SRL\n",
        ":61:2603020302C1,00NTRFX//1\n:86:Incasare Ordonator: CLIENT EXEMPLU SRL, RO45BTRLRONCRT0ABCDEF001 CUI: RO 12345678 avans\n",
        ":61:1301010101C25,00N102EREF\n:86:/EREF/01-01-2013 12:00 0030/BENM//NAME/CONTRA ACCOUN\nT HOLDER/REMI/A/B//ISDT/2013-07-11\n",
        ":61:2603020302C1,00NTRFX//1\n:86:Plata pentru servicii de consultanta conform contractului de prest\nari servicii\n",
    ],
);

/// Entries that the strictest parser reads, too.
pub(crate) const PLAIN: Bank = (
    "RO08BACX0000000900012345",
    &[
        ":61:2603020302C238,00NTRFNONREF//000ZEXA2606100\n:86:Incasare OP canal electronic Plata factura EX-1042 CLIENT EXEMPLU\nSRL RO60RNCB0000123456780001 REF 000ZEXA26061001A\n",
        ":61:2603020302D0,51NCHGNONREF//000ZEXA2606100\n:86:Comision plata OP REF 000ZEXA26061002B\n",
    ],
);

/// Every other bank that vama knows.
pub(crate) const BANKS: [Bank; 8] = [
    (
        "RO60RNCB0000123456780001",
        &[
            ":61:2603020302C595,00NTRFNOTPROVIDED//2026030210000001\nCLIENT EXEMPLU SRL\n:86:Incasare OP - Canal electronic-Decontare -Platitor  CLIENT EXEMP\nLU SRL  RO45BTRLRONCRT0ABCDEF001  CODFISC 12345678-Beneficiar  MA\nGAZIN FICTIV SRL  RO60RNCB0000123456780001  CODFISC 0-Detalii  FA\nCTURA EX-1042\n",
            ":61:2603020302D2,00NCOMNONREF//2026030210000002\n:86:Comision plata OP canal electronic\n",
        ],
    ),
    (
        "RO75BRDE450SV00012345678",
        &[
            ":61:2603020302C150,00NTRFOPH101\nPLATA FACT EX-1042\n:86:000+20Plata           +30000000000+31RO45BTRLRONCRT0ABCDEF001\n+32CLIENT EXEMPLU SRL+3312345678\n+23PLATA FACT EX-1042\n",
            ":61:2603020302D2,00NCOMNC55\nComision MULTIX\n:86:000+20Comision\n+23Comision MULTIX\n",
        ],
    ),
    (
        "RO33INGB0000999900012345",
        &[
            ":61:260302CN350,00NTRFNONREF//RE20260302-0001\n:86:035~20AMT RCD RON 350,00         ~21                           ~2\n2                           ~32CLIENT EXEMPLU SRL         ~33RO45\nBTRLRONCRT0ABCDEF001   ~23                           ~24         \n                  ~25CVF EX-1042                ~26              \n             ~27                           ~28                   \n        ~29                           ~60     ~61     \n",
            ":61:260302DN100,00NTRFNONREF//PA20260302-0003\n:86:110~TRANSFER ING BUSINESS                 FURNIZOR FICTIV SRL RO7\n5BRDE450SV00012345678 PLATA CVF 77\n",
        ],
    ),
    (
        "RO12RZBR0000060012345678",
        &[
            ":61:2603020302C119,00NMSC11808959//0A0B0C0D0E0F0G0\n:86:000^20F.EX-1042^24Ref.Doc 12/OPMC^30BANCA EXEMPLU \nS.A.^31RO45BTRLRONCRT0ABCDEF001^32CLIENT EXEMPLU S\nRL\n",
            ":61:2603020302D5,70NCOMNONREF//0A0B0C0D0E0F0G1\n:86:000^20comision interbancar mica^21 valoare CB\n",
        ],
    ),
    (
        "RO78BUCU1052000000028RON",
        &[
            ":61:2603020302C200,00NTRF4780000001//248OPAA260000001\n:86:Incasare intrabancara PLATITOR  C\nLIENT EXEMPLU SRL BUCUROBU RO28BUCU2000000000001RON\nDETALII INCASARE  FACTURA EX-1042  CUST REFERENCE   001TEST0000001\n",
            ":61:2603020302D200,00NTRF4780000004//001INLC260000004\n:86:Plata interbancara BENEFICIAR  FU\nRNIZOR FICTIV SRL RO75BRDE450SV00012345678 BRDEROBU DETALII PLATA\n  CVF 77\n",
        ],
    ),
    (
        "RO44REVO0000123456789012",
        &[
            ":61:260305D1529,2NTRFFE/2026/3/000008\n:86:^20CATRE TEST BUYER SP . FE/2026/3/000008\n^22/OCMT/PLN 1230.00/RATE/0.81880301\n^32TEST BUYER SP\n^38PL61109010140000071219812874\n",
            ":61:260302C5000,NTRF/ROC/ALIMENTARE\n:86:^20BANI ADAUGATI PRIN MAGAZIN FICTIV SRL . ALIMENTARE CONT-PLATA IN\n^21TERBANCARA INSTANT\n^32MAGAZIN FICTIV SRL\n",
        ],
    ),
    (
        "RO59CECEB31430RON0012345",
        &[
            ":61:2603020302C60,00NTRF.//2026030210000001\n:86:Incasare,Platitor CLIENT EXEMPLU SRL,Iban Platitor RO45BTRLRONCRT\n0ABCDEF001,CUI/CNP Platitor 12345678ORDONATOR,Detalii FACTURA EX-\n1042\n",
            ":61:2603020302C60,00NTRF.//2026030210000003\n:86:Decontare -Platitor  CLIENT EXEMPLU SRL  RO45BTRLRONCRT0ABCDEF001  CODFISC 12345678-Beneficiar  MAGAZIN FICTIV SRL  RO59CECEB31430RON0012345\n",
        ],
    ),
    GENERIC,
];

/// Writes a statement as Banca Transilvania does, one message a day.
pub(crate) fn statement(entries: u64, entries_a_day: u64) -> Vec<u8> {
    let mut out = Vec::new();
    let days = statement::many(5, entries, entries_a_day);
    statement::write(ACCOUNT, "RON", 250_000.into(), days, &mut out).unwrap();
    out
}

/// Writes one message of another bank.
pub(crate) fn bank((account, samples): Bank, entries: u64) -> Vec<u8> {
    let mut out = format!(":20:X\n:25:{account}\n:28C:1/1\n:60F:C260302RON0,00\n");
    out.extend(samples.iter().copied().cycle().take(usize::try_from(entries).unwrap()));
    out.push_str(":62F:C260302RON0,00\n");
    out.into_bytes()
}

/// Writes a borderou of GLS.
pub(crate) fn borderou(parcels: u64) -> Vec<u8> {
    let mut random = Random::of(&[7, parcels]);
    let borderou = bulk::borderou(&Shop::invent(7), day(), 0..parcels, &mut random);
    borderou::write(&borderou).unwrap()
}

/// Writes a batch of Netopia: three lines a payment.
pub(crate) fn batch(payments: u64) -> Vec<u8> {
    let mut random = Random::of(&[9, payments]);
    let day = day();
    let payment = |n: u64| Payment {
        id: 1_500_000_000 + n,
        at: day.checked_sub_days(Days::new(2)).unwrap().and_hms_opt(9, n as u32 % 60, 5).unwrap(),
        gross: random.lei(50, 900),
        payer: Person::invent(&mut random),
        order: 10_000 + n,
    };
    batch::write(&Batch {
        id: 52_001_836,
        report: 2_201_836,
        paid_on: day,
        merchant: "FIRMA NOUA SRL".to_owned(),
        terminal: 80_123,
        site: "firma-noua.example".to_owned(),
        payout_of: None,
        payments: (0..payments).map(payment).collect(),
        refunds: Vec::new(),
        fee_returns: Vec::new(),
    })
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, 2).unwrap()
}
